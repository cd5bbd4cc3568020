<?php

namespace WHMCS\Module\Addon\Payymo\Booking;

use WHMCS\Module\Addon\Payymo\Clock;
use WHMCS\Module\Addon\Payymo\Money;
use WHMCS\Module\Addon\Payymo\Text;
use WHMCS\Module\Addon\Payymo\Whmcs;

if (!defined('WHMCS')) {
    exit;
}

/** Books one payment: look, judge, AddInvoicePayment at most once, look again. Runs under the locks of Booker. */
final class BookPayment
{
    /** After a send whose end nobody saw, so long nothing is sent: it may still commit. */
    public const SETTLE_SECONDS = 120;

    /** The code of money that a gateway has recorded. */
    public const RECORDED = 'recorded_by_gateway';

    /** @var Order */
    private $order;

    /** @var object our row, as it was when claimed */
    private $row;

    /** @var Clock */
    private $clock;

    /** @var callable(?string): bool */
    private $mayBegin;

    /** @param callable(?string): bool $mayBegin writes that a send begins; false forbids it */
    public function __construct(Order $order, object $row, Clock $clock, callable $mayBegin)
    {
        $this->order = $order;
        $this->row = $row;
        $this->clock = $clock;
        $this->mayBegin = $mayBegin;
    }

    /** Null when a lock or the lease was lost before anything was sent. */
    public function run(): ?Ending
    {
        $found = Ledger::under($this->order->transid);
        if ($found !== []) {
            return $this->judgeFound($found);
        }
        if ($this->row->state === 'unseen') {
            $words = 'WHMCS said that it booked this payment and shows none under its id. It is not sent again.';
            return Ending::conflict('booked_unseen', $words)->keeping('unseen');
        }
        $pending = self::settling($this->row, $this->clock);
        if ($pending !== null) {
            return $pending;
        }
        $answer = Whmcs::call('GetInvoice', ['invoiceid' => $this->order->invoiceId]);
        if (!$answer['ok'] && !$answer['named']) {
            $words = 'The invoice could not be read: ' . $answer['message'];
            return Ending::unknown('look_up_failed', $words)->keeping($this->row->state);
        }
        $fault = $this->recorded() ?? $this->fault($answer);
        if ($fault !== null) {
            // Something was sent once and is not there: a person sees that before the money is given away again.
            $again = in_array($this->row->state, ['sending', 'unknown'], true) && (int) $this->row->sends > 0;
            $given = $fault->outcome === 'refused';
            return $again && $given ? Ending::conflict((string) $fault->code, $fault->words) : $fault;
        }
        return $this->send(Money::parse($answer['data']['balance']));
    }

    /** Whether an earlier send may still commit. */
    public static function settling(object $row, Clock $clock): ?Ending
    {
        $open = in_array($row->state, ['sending', 'unknown'], true) && (int) $row->sends > 0;
        if (!$open || $clock->now() >= (int) $row->sent_at + self::SETTLE_SECONDS) {
            return null;
        }
        return Ending::unknown('settling', 'An earlier attempt had no clear end; it is looked at again in two minutes.')
            ->keeping($row->state);
    }

    private function judgeFound(array $found): Ending
    {
        if (Ledger::isExactly($found, $this->order->invoiceId, $this->order->amount)) {
            return Ending::applied();
        }
        $wanted = Money::format($this->order->amount) . ' on invoice id ' . $this->order->invoiceId;
        $words = "Wanted: $wanted. WHMCS shows under this id: " . Ledger::words($found) . '.';
        return Ending::conflict(count($found) > 1 ? 'booked_twice' : 'booked_otherwise', $words);
    }

    /** The gateway that took the money has noted it by itself: sent once more it would be there twice. */
    private function recorded(): ?Ending
    {
        $rows = Ledger::recorded($this->order->alsoKnownAs, $this->order->invoiceId);
        if ($rows === []) {
            return null;
        }
        $words = 'WHMCS holds this card payment already, recorded by its gateway: ' . Ledger::words($rows) . '.';
        return Ending::refused(self::RECORDED, $words);
    }

    private function fault(array $answer): ?Ending
    {
        $order = $this->order;
        if ($answer['named']) {
            return Ending::refused('invoice_missing', $answer['message']);
        }
        $status = Text::plain($answer['data']['status'] ?? '', 40);
        if ($status === 'Paid') {
            return Ending::refused('already_paid', 'The invoice is already Paid in WHMCS.');
        }
        if ($status !== 'Unpaid') {
            return Ending::refused('not_payable', "The invoice is $status in WHMCS and takes no money.");
        }
        $currency = Whmcs::currencyOf((int) ($answer['data']['userid'] ?? 0));
        if ($currency !== $order->currency) {
            $words = 'The invoice is in ' . ($currency ?? 'an unknown currency') . ", the payment in $order->currency.";
            return Ending::refused('currency_differs', $words);
        }
        if (!Money::isStorable($order->amount)) {
            return Ending::refused('amount_not_representable', 'WHMCS keeps two decimals; this amount has more.');
        }
        if (!Money::isStorable($order->fees)) {
            return Ending::refused('fee_not_representable', 'WHMCS keeps two decimals; the fee of this payment has more.');
        }
        try {
            $balance = Money::parse($answer['data']['balance'] ?? '');
        } catch (\InvalidArgumentException $unreadable) {
            return Ending::unknown('look_up_failed', 'The balance of the invoice could not be read.')
                ->keeping($this->row->state);
        }
        return $this->balanceFault($balance);
    }

    /** A payment with a surplus settles the invoice to the cent: of another balance, other credit would come than was decided. */
    private function balanceFault(int $balance): ?Ending
    {
        $order = $this->order;
        $wanted = $order->amount - ($order->surplusAmount ?? 0);
        $anySurplus = $order->surplus && $order->surplusAmount === null && $balance > 0;
        $open = 'The invoice has ' . Money::format($balance) . " $order->currency open in WHMCS";
        if ($balance < $wanted && !$anySurplus) {
            return Ending::refused('balance_too_small', "$open, less than the payment.");
        }
        if ($order->surplusAmount !== null && $balance > $wanted) {
            $words = "$open, more than the " . Money::format($wanted) . ' that were to settle it before the rest became credit.';
            return Ending::refused('balance_grown', $words);
        }
        return null;
    }

    private function send(int $balance): ?Ending
    {
        $order = $this->order;
        $surplus = max(0, $order->amount - $balance);
        if (!($this->mayBegin)($surplus > 0 ? Money::format($surplus) : null)) {
            return null;
        }
        $values = [
            'invoiceid' => $order->invoiceId,
            'transid' => $order->transid,
            'gateway' => $order->gateway,
            'date' => $order->date . ' 00:00:00',
            'amount' => Money::format($order->amount),
        ];
        if ($order->fees !== 0) {
            $values['fees'] = Money::format($order->fees);
        }
        if ($order->noEmail) {
            $values['noemail'] = true;
        }
        $answer = Whmcs::call('AddInvoicePayment', $values);
        $found = Ledger::under($order->transid);
        if ($found !== []) {
            return $this->judgeFound($found);
        }
        if ($answer['named']) {
            return Ending::refused('whmcs_refused', $answer['message']);
        }
        return $answer['ok']
            ? Ending::unknown('not_found_after_booking', 'WHMCS said yes and shows no such payment.', 'unseen')
            : Ending::unknown('no_clear_answer', $answer['message']);
    }
}
