<?php

namespace WHMCS\Module\Addon\Payymo\Booking;

use WHMCS\Module\Addon\Payymo\Money;
use WHMCS\Module\Addon\Payymo\Text;

if (!defined('WHMCS')) {
    exit;
}

/** One thing to do, as Payymo's `work` gave it, checked. */
final class Order
{
    public const PAY = 'pay';
    public const UNDO = 'undo';

    /** @var string */
    public $paymentId;

    /** @var int */
    public $fence;

    /** @var string */
    public $action;

    /** @var int */
    public $invoiceId;

    /** @var string */
    public $transid;

    /** @var int ten-thousandths, above zero */
    public $amount;

    /** @var string */
    public $currency;

    /** @var string */
    public $gateway;

    /** @var string YYYY-MM-DD */
    public $date;

    /** @var int ten-thousandths, or 0 */
    public $fees;

    /** @var bool */
    public $noEmail;

    /** @var bool the amount may exceed the balance, and the rest becomes credit of the client */
    public $surplus;

    /** @var int|null by how much exactly, in ten-thousandths; null where Payymo did not say */
    public $surplusAmount;

    /** @var string the transid to take back; '' unless this is an undo */
    public $undoes;

    /** @var int unix seconds on the server's clock, or 0 where none was given */
    public $leasedUntil;

    /** @var string[] ids under which a payment gateway may have recorded the same money */
    public $alsoKnownAs;

    /**
     * @param mixed $work
     * @throws \InvalidArgumentException naming the field
     */
    public static function read($work): self
    {
        if (!is_array($work)) {
            throw new \InvalidArgumentException('work');
        }
        $order = new self();
        $order->paymentId = self::text($work, 'payment_id', '/^pay_[0-9a-z]{26}\z/');
        $order->fence = (int) self::text($work, 'fence', '/^\d{1,18}\z/');
        $order->action = self::text($work, 'action', '/^(pay|undo)\z/');
        $order->invoiceId = (int) self::text($work, 'invoice_id', '/^[1-9]\d{0,17}\z/');
        // Other characters come back changed from WHMCS, which would hide that a payment was booked.
        $order->transid = self::text($work, 'transid', '/^[A-Za-z0-9_.:-]{1,64}\z/');
        $order->amount = Money::parse($work['amount'] ?? '');
        $order->currency = self::text($work, 'currency', '/^[A-Z]{3}\z/');
        $order->gateway = self::text($work, 'gateway', '/^[A-Za-z0-9_]{1,64}\z/');
        $order->date = self::text($work, 'date', '/^\d{4}-\d{2}-\d{2}\z/');
        $order->fees = isset($work['fees']) ? Money::parse($work['fees']) : 0;
        $order->noEmail = ($work['no_email'] ?? false) === true;
        $order->surplus = ($work['surplus'] ?? false) === true;
        $order->surplusAmount = $order->surplus && isset($work['surplus_amount']) ? Money::parse($work['surplus_amount']) : null;
        $order->undoes = $order->action === self::UNDO ? self::text($work, 'undoes', '/^[A-Za-z0-9_.:-]{1,64}\z/') : '';
        $order->leasedUntil = (int) strtotime((string) ($work['leased_until'] ?? ''));
        $order->alsoKnownAs = self::ids($work['also_known_as'] ?? []);
        if ($order->amount <= 0 || Text::day($order->date) === null || $order->undoes === $order->transid) {
            throw new \InvalidArgumentException($order->amount <= 0 ? 'amount' : 'date or undoes');
        }
        if ($order->surplusAmount !== null && ($order->surplusAmount <= 0 || $order->surplusAmount >= $order->amount)) {
            throw new \InvalidArgumentException('surplus_amount');
        }
        return $order;
    }

    /**
     * @param mixed $given
     * @return string[]
     * @throws \InvalidArgumentException an id that is not read is one that is not looked for
     */
    private static function ids($given): array
    {
        if (!is_array($given) || count($given) > 100) {
            throw new \InvalidArgumentException('also_known_as');
        }
        foreach ($given as $id) {
            if (!is_string($id) || !preg_match('/^[A-Za-z0-9_]{1,255}\z/', $id)) {
                throw new \InvalidArgumentException('also_known_as');
            }
        }
        return array_values($given);
    }

    private static function text(array $work, string $field, string $pattern): string
    {
        $value = $work[$field] ?? null;
        if ((!is_string($value) && !is_int($value)) || !preg_match($pattern, (string) $value)) {
            throw new \InvalidArgumentException($field);
        }
        return (string) $value;
    }
}
