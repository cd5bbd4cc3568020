<?php

namespace WHMCS\Module\Addon\Payymo;

use WHMCS\Database\Capsule;

if (!defined('WHMCS')) {
    exit;
}

/** The WHMCS we live in: its own actions, called from inside, and what it says of itself. */
final class Whmcs
{
    /**
     * One action through localAPI, which never throws here.
     *
     * @param array<string, mixed> $values
     * @return array{ok: bool, named: bool, message: string, data: array<string, mixed>} `named` where WHMCS itself
     *         refused in words; neither `ok` nor `named` means that nobody knows what happened
     */
    public static function call(string $action, array $values): array
    {
        try {
            $answer = localAPI($action, $values);
        } catch (\Throwable $fault) {
            return self::outcome(false, false, get_class($fault) . ': ' . $fault->getMessage(), []);
        }
        if (!is_array($answer) || $answer === []) {
            return self::outcome(false, false, 'WHMCS answered nothing', []);
        }
        $result = strtolower((string) ($answer['result'] ?? ''));
        if ($result === 'error') {
            return self::outcome(false, true, Text::plain($answer['message'] ?? 'error without words'), $answer);
        }
        if ($result !== 'success') {
            return self::outcome(false, false, 'WHMCS answered in an unknown way', $answer);
        }
        return self::outcome(true, false, '', $answer);
    }

    private static function outcome(bool $ok, bool $named, string $message, array $data): array
    {
        return ['ok' => $ok, 'named' => $named, 'message' => Log::mask($message), 'data' => $data];
    }

    public static function systemUrl(): string
    {
        return rtrim(self::setting('SystemURL'), '/');
    }

    public static function version(): string
    {
        return self::setting('Version');
    }

    public static function setting(string $name): string
    {
        $value = Capsule::table('tblconfiguration')->where('setting', $name)->value('value');
        return Text::plain($value ?? '');
    }

    /**
     * A day in the install's own way of writing dates, which AddTransaction wants; null where that way is unknown.
     *
     * @param string $day YYYY-MM-DD
     */
    public static function localDate(string $day): ?string
    {
        $format = self::setting('DateFormat');
        if (!preg_match('/^(DD.MM.YYYY|MM.DD.YYYY|YYYY.MM.DD)\z/', $format) || Text::day($day) === null) {
            return null;
        }
        [$year, $month, $date] = explode('-', $day);
        return strtr($format, ['YYYY' => $year, 'MM' => $month, 'DD' => $date]);
    }

    /**
     * Active payment methods by system name.
     *
     * @return array<int, array{name: string, title: string}>
     */
    public static function paymentMethods(): array
    {
        $rows = Capsule::table('tblpaymentgateways')->where('setting', 'name')->limit(100)->get(['gateway', 'value']);
        $methods = [];
        foreach ($rows as $row) {
            $methods[] = ['name' => Text::plain($row->gateway, 64), 'title' => Text::plain($row->value, 200)];
        }
        return $methods;
    }

    /** ISO code of a client's currency; null when there is no such client. */
    public static function currencyOf(int $clientId): ?string
    {
        $code = Capsule::table('tblclients')
            ->join('tblcurrencies', 'tblcurrencies.id', '=', 'tblclients.currency')
            ->where('tblclients.id', $clientId)
            ->value('tblcurrencies.code');
        return $code === null ? null : strtoupper(Text::plain($code, 8));
    }
}
