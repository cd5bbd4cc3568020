<?php

namespace WHMCS\Module\Addon\Payymo\Booking;

use WHMCS\Database\Capsule;
use WHMCS\Module\Addon\Payymo\Clock;
use WHMCS\Module\Addon\Payymo\Money;
use WHMCS\Module\Addon\Payymo\Text;
use WHMCS\Module\Addon\Payymo\Whmcs;

if (!defined('WHMCS')) {
    exit;
}

/**
 * Takes a payment back: an opposing row in the ledger, the invoice open again, and credit that a surplus had become. Each
 * step looks whether it was done before it is done; what cannot be taken back is told in sentences.
 */
final class UndoPayment
{
    /** @var Order */
    private $order;

    /** @var object */
    private $row;

    /** @var Clock */
    private $clock;

    /** @var callable(?string): bool */
    private $mayBegin;

    /** @var string[] */
    private $left = [];

    /** @var string why it is not known yet how far it went; '' where it is */
    private $unsure = '';

    /** @param callable(?string): bool $mayBegin writes that a send begins; false forbids it */
    public function __construct(Order $order, object $row, Clock $clock, callable $mayBegin)
    {
        $this->order = $order;
        $this->row = $row;
        $this->clock = $clock;
        $this->mayBegin = $mayBegin;
    }

    public function run(): ?Ending
    {
        $found = Ledger::under($this->order->transid);
        if ($found === []) {
            $ending = $this->takeBack();
            if ($ending === null || $ending->outcome !== 'applied') {
                return $ending;
            }
        } elseif (!Ledger::isExactly($found, $this->order->invoiceId, -$this->order->amount)) {
            return $this->otherwise($found);
        }
        $this->openInvoice();
        $this->takeCredit();
        // Offered again, it goes on from here: what is done is not done again.
        return $this->unsure === '' ? Ending::applied($this->left) : Ending::unknown('not_finished', $this->unsure);
    }

    /** The opposing row. AddTransaction refuses a transid that exists, which is one guard more. */
    private function takeBack(): ?Ending
    {
        $order = $this->order;
        $original = Ledger::under($order->undoes);
        if ($original === []) {
            return Ending::refused('nothing_to_undo', "WHMCS shows no payment $order->undoes.");
        }
        if (!Ledger::isExactly($original, $order->invoiceId, $order->amount)) {
            $words = "The payment to take back is another in WHMCS: " . Ledger::words($original) . '.';
            return Ending::conflict('booked_otherwise', $words);
        }
        if ($this->row->state === 'unseen') {
            $words = 'WHMCS said that it took this payment back and shows nothing under its id. It is not sent again.';
            return Ending::conflict('booked_unseen', $words)->keeping('unseen');
        }
        $pending = BookPayment::settling($this->row, $this->clock);
        if ($pending !== null) {
            return $pending;
        }
        $invoice = Whmcs::call('GetInvoice', ['invoiceid' => $order->invoiceId]);
        if (!$invoice['ok']) {
            return $invoice['named']
                ? Ending::refused('invoice_missing', $invoice['message'])
                : Ending::unknown('look_up_failed', $invoice['message'])->keeping($this->row->state);
        }
        // Kept before anything changes: afterwards the balance tells no more what the surplus was.
        if (!($this->mayBegin)(Money::format($this->surplus($invoice['data'])))) {
            return null;
        }
        $values = [
            'paymentmethod' => $order->gateway,
            'userid' => (int) ($invoice['data']['userid'] ?? 0),
            'invoiceid' => $order->invoiceId,
            'transid' => $order->transid,
            'description' => 'Payymo: ' . $order->undoes . ' taken back',
            'amountin' => '0.00',
            'amountout' => Money::format($order->amount),
        ];
        $date = Whmcs::localDate($order->date);
        $answer = Whmcs::call('AddTransaction', $date === null ? $values : $values + ['date' => $date]);
        $found = Ledger::under($order->transid);
        if ($found !== []) {
            return Ledger::isExactly($found, $order->invoiceId, -$order->amount) ? Ending::applied() : $this->otherwise($found);
        }
        if ($answer['named']) {
            return Ending::refused('whmcs_refused', $answer['message']);
        }
        return $answer['ok']
            ? Ending::unknown('not_found_after_booking', 'WHMCS said yes and shows no such row.', 'unseen')
            : Ending::unknown('no_clear_answer', $answer['message']);
    }

    private function otherwise(array $found): Ending
    {
        $wanted = '-' . Money::format($this->order->amount) . ' on invoice id ' . $this->order->invoiceId;
        $words = "Wanted: $wanted. WHMCS shows under this id: " . Ledger::words($found) . '.';
        return Ending::conflict(count($found) > 1 ? 'booked_twice' : 'booked_otherwise', $words);
    }

    /** What of the payment went beyond the invoice: noted when it was booked, else what the invoice is overpaid by now. */
    private function surplus(array $invoice): int
    {
        $booked = Payments::under($this->order->undoes);
        if ($booked !== null && (int) $booked->sends > 0) {
            return $booked->surplus === null ? 0 : Money::parse($booked->surplus);
        }
        $overpaid = -Money::parse(Money::tidy($invoice['balance'] ?? '0'));
        return max(0, min($overpaid, $this->order->amount));
    }

    private function openInvoice(): void
    {
        $id = $this->order->invoiceId;
        $invoice = Whmcs::call('GetInvoice', ['invoiceid' => $id]);
        if (!$invoice['ok']) {
            $this->unsure = 'The money is out; whether the invoice is open again could not be read: ' . $invoice['message'];
            return;
        }
        $this->tellWhatStays(Text::rows($invoice['data']['items'] ?? [], 'item'));
        if (($invoice['data']['status'] ?? '') !== 'Paid' || !$this->owes($invoice['data'])) {
            return;
        }
        $answer = Whmcs::call('UpdateInvoice', ['invoiceid' => $id, 'status' => 'Unpaid']);
        $again = Whmcs::call('GetInvoice', ['invoiceid' => $id]);
        if (($again['data']['status'] ?? '') === 'Unpaid') {
            return;
        }
        if (!$answer['ok'] && !$answer['named']) {
            $this->unsure = 'The money is out; WHMCS did not say whether it opened the invoice: ' . $answer['message'];
        } else {
            $this->left[] = 'The invoice is still Paid; WHMCS did not open it again: ' . ($answer['message'] ?: 'no reason given');
        }
    }

    /** Another payment may cover the invoice all the same. */
    private function owes(array $invoice): bool
    {
        return Money::parse(Money::tidy($invoice['balance'] ?? '0')) > 0;
    }

    private function tellWhatStays(array $items): void
    {
        $count = static function (string $type) use ($items): int {
            return count(array_filter($items, static function (array $item) use ($type): bool {
                return ($item['type'] ?? '') === $type;
            }));
        };
        if ($count('Invoice') > 0) {
            $this->left[] = 'It was a mass payment: the invoices it settled stay as they are.';
        }
        if ($count('AddFunds') > 0) {
            $this->left[] = 'The invoice added funds: the credit it gave stays with the client.';
        }
    }

    /** The credit log carries our transid, which shows whether this was done before. */
    private function takeCredit(): void
    {
        $row = Payments::under($this->order->transid);
        $surplus = $row === null || $row->surplus === null ? 0 : Money::parse($row->surplus);
        $clientId = (int) Capsule::table('tblinvoices')->where('id', $this->order->invoiceId)->value('userid');
        if ($surplus <= 0 || $clientId === 0) {
            return;
        }
        $description = 'Payymo: surplus of ' . $this->order->undoes . ' taken back by ' . $this->order->transid;
        $taken = $this->creditTaken($clientId, $description);
        if ($taken === 0) {
            $credit = Money::parse(Money::tidy(Capsule::table('tblclients')->where('id', $clientId)->value('credit')));
            $wanted = max(0, min($surplus, $credit));
            $answer = $wanted === 0 ? null : Whmcs::call('AddCredit', [
                'clientid' => $clientId,
                'description' => $description,
                'amount' => Money::format($wanted),
                'type' => 'remove',
            ]);
            $taken = $this->creditTaken($clientId, $description);
            if ($answer !== null && $taken === 0 && !$answer['ok'] && !$answer['named']) {
                $this->unsure = 'The money is out; WHMCS did not say whether it took back the credit: ' . $answer['message'];
                return;
            }
            if ($answer !== null && $taken === 0) {
                $this->left[] = 'The credit of ' . Money::format($wanted) . ' was not taken back: '
                    . ($answer['message'] ?: 'WHMCS shows no such change');
                return;
            }
        }
        if ($taken < $surplus) {
            $this->left[] = 'Of the surplus ' . Money::format($surplus - $taken) . ' was spent by the client already.';
        }
    }

    private function creditTaken(int $clientId, string $description): int
    {
        $rows = Capsule::table('tblcredit')->where('clientid', $clientId)->where('description', $description)->get();
        $taken = 0;
        foreach ($rows as $row) {
            $taken += abs(Money::parse(Money::tidy($row->amount)));
        }
        return $taken;
    }
}
