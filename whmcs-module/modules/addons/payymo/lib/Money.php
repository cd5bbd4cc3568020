<?php

namespace WHMCS\Module\Addon\Payymo;

if (!defined('WHMCS')) {
    exit;
}

/**
 * Amounts as whole ten-thousandths, so that no float ever decides about money. WHMCS stores two decimals, some of its
 * columns more; four hold all of them, and 64 bits hold any amount a DECIMAL(16,2) can.
 */
final class Money
{
    private const DECIMALS = 4;

    /**
     * @param mixed $value a decimal string such as "15.95" or "-5"; whole numbers and, where a database driver gives
     *                     them, floats are taken too
     * @throws \InvalidArgumentException when it is no such amount
     */
    public static function parse($value): int
    {
        if (is_float($value)) {
            $value = sprintf('%.4F', $value);
        }
        $text = is_int($value) || is_string($value) ? trim((string) $value) : '';
        if (!preg_match('/^(-?)(\d{1,13})(?:\.(\d+))?\z/', $text, $part)) {
            throw new \InvalidArgumentException('This is no amount: ' . substr($text, 0, 40));
        }
        $fraction = rtrim($part[3] ?? '', '0');
        if (strlen($fraction) > self::DECIMALS) {
            throw new \InvalidArgumentException('This amount has too many decimals: ' . substr($text, 0, 40));
        }
        $units = (int) ($part[2] . str_pad($fraction, self::DECIMALS, '0'));
        return $part[1] === '-' ? -$units : $units;
    }

    /** The amount as WHMCS writes it: at least two decimals, more only where there are more. */
    public static function format(int $units): string
    {
        $digits = str_pad((string) abs($units), self::DECIMALS + 1, '0', STR_PAD_LEFT);
        $fraction = rtrim(substr($digits, -self::DECIMALS), '0');
        return ($units < 0 ? '-' : '') . substr($digits, 0, -self::DECIMALS) . '.' . str_pad($fraction, 2, '0');
    }

    /** The same, or "0.00" where nothing readable stands. */
    public static function tidy($value): string
    {
        try {
            return self::format(self::parse($value ?? '0'));
        } catch (\InvalidArgumentException $ignored) {
            return '0.00';
        }
    }

    /** Whether WHMCS can store it: two decimals. */
    public static function isStorable(int $units): bool
    {
        return $units % 100 === 0;
    }
}
