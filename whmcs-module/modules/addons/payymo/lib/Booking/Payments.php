<?php

namespace WHMCS\Module\Addon\Payymo\Booking;

use WHMCS\Database\Capsule;
use WHMCS\Module\Addon\Payymo\Clock;
use WHMCS\Module\Addon\Payymo\Json;
use WHMCS\Module\Addon\Payymo\Money;

if (!defined('WHMCS')) {
    exit;
}

/**
 * Our own record of each payment, one row for a transid. Owning the row is the lock of the transid.
 *
 * States: `new`, never sent; `sending`, from just before WHMCS is asked until its end was seen (a process that died leaves
 * this); `unseen`, WHMCS said yes and shows nothing; `applied`, `refused`, `conflict`, `unknown` as reported.
 */
final class Payments
{
    private const TABLE = 'mod_payymo_payments';
    /** How long a row is owned without a sign of life, in seconds: longer than WHMCS ever needed to provision something. */
    private const OWNED_SECONDS = 600;

    /** @var Clock */
    private $clock;

    /** @var string */
    private $owner;

    public function __construct(Clock $clock)
    {
        $this->clock = $clock;
        $this->owner = bin2hex(random_bytes(16));
    }

    /** Takes the row of an order; null when another process has it or a newer fence was seen. */
    public function claim(Order $order): ?object
    {
        $now = $this->clock->now();
        Capsule::table(self::TABLE)->insertOrIgnore([
            'transid' => $order->transid,
            'action' => $order->action,
            'payment_id' => $order->paymentId,
            'fence' => 0,
            'invoice_id' => $order->invoiceId,
            'amount' => '',
            'currency' => $order->currency,
            'state' => 'new',
            'created_at' => $now,
            'updated_at' => $now,
        ]);
        $token = $this->owner . substr(bin2hex(random_bytes(4)), 0, 8);
        $taken = Capsule::table(self::TABLE)
            ->where('transid', $order->transid)
            ->where('fence', '<=', $order->fence)
            ->where(static function ($query) use ($now): void {
                $query->whereNull('owner')->orWhere('owned_until', '<=', $now);
            })
            ->update([
                'owner' => $token,
                'owned_until' => $now + self::OWNED_SECONDS,
                'fence' => $order->fence,
                'payment_id' => $order->paymentId,
                'action' => $order->action,
                'invoice_id' => $order->invoiceId,
                'amount' => Money::format($order->amount),
                'currency' => $order->currency,
                'undoes' => $order->undoes === '' ? null : $order->undoes,
                'updated_at' => $now,
            ]);
        if ($taken !== 1) {
            return null;
        }
        $row = Capsule::table(self::TABLE)->where('transid', $order->transid)->where('owner', $token)->first();
        // A database that ignores case found the row of another id.
        return $row !== null && $row->transid === $order->transid ? $row : null;
    }

    /** Writes that WHMCS is about to be asked. False when the row was lost meanwhile, and then nothing may be sent. */
    public function beginSend(object $row, ?string $surplus): bool
    {
        $now = $this->clock->now();
        $values = ['state' => 'sending', 'sends' => (int) $row->sends + 1, 'sent_at' => $now, 'owned_until' => $now + self::OWNED_SECONDS];
        return $this->mine($row)->where('owned_until', '>', $now)->update($values + ['surplus' => $surplus, 'updated_at' => $now]) === 1;
    }

    /** Writes the end with the report that Payymo is to have, and lets go of the row. */
    public function finish(object $row, string $state, array $report): void
    {
        $this->mine($row)->update([
            'state' => $state,
            'code' => $report['code'],
            'words' => $report['words'],
            'report' => Json::write($report),
            'owner' => null,
            'owned_until' => 0,
            'updated_at' => $this->clock->now(),
        ]);
    }

    public function release(object $row): void
    {
        $this->mine($row)->update(['owner' => null, 'owned_until' => 0]);
    }

    public static function under(string $transid): ?object
    {
        $row = Capsule::table(self::TABLE)->where('transid', $transid)->first();
        return $row !== null && $row->transid === $transid ? $row : null;
    }

    /** @return object[] what Payymo was not told yet, oldest first */
    public static function unreported(int $limit): array
    {
        return Capsule::table(self::TABLE)->whereNotNull('report')->orderBy('updated_at')->limit($limit)->get()->all();
    }

    /** Payymo took a report, under the fence that it carried. */
    public static function reported(object $row, string $serverState): void
    {
        Capsule::table(self::TABLE)
            ->where('id', $row->id)
            ->where('fence', $row->fence)
            ->where('updated_at', $row->updated_at)
            ->update(['report' => null, 'server_state' => substr($serverState, 0, 32)]);
    }

    /** @return object[] newest first */
    public static function latest(int $limit): array
    {
        return Capsule::table(self::TABLE)->orderBy('updated_at', 'desc')->orderBy('id', 'desc')->limit($limit)->get()->all();
    }

    /** @return object[] */
    public static function onInvoice(int $invoiceId): array
    {
        return Capsule::table(self::TABLE)->where('invoice_id', $invoiceId)->orderBy('id')->limit(50)->get()->all();
    }

    private function mine(object $row)
    {
        return Capsule::table(self::TABLE)->where('id', $row->id)->where('owner', $row->owner);
    }
}
