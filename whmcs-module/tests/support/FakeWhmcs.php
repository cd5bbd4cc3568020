<?php

namespace Payymo\Tests;

use WHMCS\Database\Capsule;
use WHMCS\Module\Addon\Payymo\Money;

/** What WHMCS does when it is asked, on its tables; and what the module told it. */
final class FakeWhmcs
{
    public const TOKEN = 'token-of-the-session';

    /** @var array<string, callable[]> */
    public static $hooks = [];

    /** @var string[] */
    public static $activity = [];

    /** @var array<int, array<string, mixed>> */
    public static $moduleLog = [];

    /** @var array<int, array{0: string, 1: array<string, mixed>}> */
    public static $calls = [];

    /** @var array<string, callable(array): mixed> answers of a test instead of the usual ones */
    public static $answers = [];

    /** @var string false, throw or good: what check_token does with a wrong token */
    public static $refusal = 'false';

    /** @var string the token that the request carries */
    public static $requestToken = '';

    /** @var string */
    public static $encryptionHash = 'cc_encryption_hash';

    public static function reset(): void
    {
        self::$hooks = [];
        self::$activity = [];
        self::$moduleLog = [];
        self::$calls = [];
        self::$answers = [];
        self::$refusal = 'false';
        self::$requestToken = '';
        self::$encryptionHash = 'cc_encryption_hash';
        $_SESSION = [];
    }

    public static function checkToken()
    {
        if (self::$requestToken === self::TOKEN) {
            return null;
        }
        if (self::$refusal === 'throw') {
            throw new \RuntimeException('Invalid token');
        }
        return false;
    }

    /** How often an action was asked for. */
    public static function count(string $action): int
    {
        return count(array_filter(self::$calls, static function (array $call) use ($action): bool {
            return $call[0] === $action;
        }));
    }

    public static function fire(string $point, array $vars = [])
    {
        $answer = null;
        foreach (self::$hooks[$point] ?? [] as $hook) {
            $answer = $hook($vars);
        }
        return $answer;
    }

    public static function localApi(string $action, array $values)
    {
        self::$calls[] = [$action, $values];
        if (isset(self::$answers[$action])) {
            return (self::$answers[$action])($values);
        }
        return self::usual($action, $values);
    }

    /** What WHMCS does when no test says otherwise. */
    public static function usual(string $action, array $values)
    {
        $known = [
            'GetInvoice' => 'getInvoice',
            'AddInvoicePayment' => 'addInvoicePayment',
            'AddTransaction' => 'addTransaction',
            'UpdateInvoice' => 'updateInvoice',
            'AddCredit' => 'addCredit',
            'GetCurrencies' => 'getCurrencies',
        ];
        return isset($known[$action]) ? self::{$known[$action]}($values) : self::error('Command Not Found');
    }

    private static function error(string $message): array
    {
        return ['result' => 'error', 'message' => $message];
    }

    private static function balance(object $invoice): int
    {
        $balance = Money::parse($invoice->total);
        foreach (Capsule::table('tblaccounts')->where('invoiceid', $invoice->id)->get() as $row) {
            $balance -= Money::parse($row->amountin) - Money::parse($row->amountout);
        }
        return $balance;
    }

    private static function invoice(array $values): ?object
    {
        return Capsule::table('tblinvoices')->where('id', $values['invoiceid'] ?? 0)->first();
    }

    private static function getInvoice(array $values): array
    {
        $invoice = self::invoice($values);
        if ($invoice === null) {
            return self::error('Invoice ID Not Found');
        }
        $items = Capsule::table('tblinvoiceitems')->where('invoiceid', $invoice->id)->get()->all();
        $rows = Capsule::table('tblaccounts')->where('invoiceid', $invoice->id)->get()->all();
        $array = static function (object $row): array {
            return (array) $row;
        };
        return [
            'result' => 'success',
            'invoiceid' => $invoice->id,
            'userid' => $invoice->userid,
            'total' => $invoice->total,
            'balance' => Money::format(self::balance($invoice)),
            'status' => $invoice->status,
            'items' => ['item' => array_map($array, $items)],
            'transactions' => $rows === [] ? '' : ['transaction' => array_map($array, $rows)],
        ];
    }

    /** Books whatever it is told, a transid that is there already included, as the real one does. */
    private static function addInvoicePayment(array $values): array
    {
        $invoice = self::invoice($values);
        if ($invoice === null) {
            return self::error('Invoice ID Not Found');
        }
        if ($invoice->status === 'Cancelled') {
            return self::error('It is not possible to add a payment to an invoice that is Cancelled');
        }
        Processes::maybeDie('before');
        $balance = self::balance($invoice);
        $amount = Money::parse($values['amount']);
        Capsule::table('tblaccounts')->insert([
            'userid' => $invoice->userid,
            'gateway' => $values['gateway'],
            'date' => $values['date'],
            'description' => 'Invoice Payment',
            'amountin' => Money::format($amount),
            'fees' => $values['fees'] ?? '0.00',
            'amountout' => '0.00',
            'transid' => htmlspecialchars($values['transid'], ENT_QUOTES),
            'invoiceid' => $invoice->id,
        ]);
        Processes::maybeDie('after');
        self::fire('AddInvoicePayment', ['invoiceid' => $invoice->id]);
        if ($amount >= $balance) {
            Capsule::table('tblinvoices')->where('id', $invoice->id)->update(['status' => 'Paid', 'datepaid' => $values['date']]);
            self::credit((int) $invoice->userid, $amount - max(0, $balance), 'Invoice #' . $invoice->id . ' Overpayment');
            self::fire('InvoicePaid', ['invoiceid' => $invoice->id]);
        }
        return ['result' => 'success'];
    }

    private static function addTransaction(array $values): array
    {
        if (Capsule::table('tblaccounts')->where('transid', $values['transid'])->exists()) {
            return self::error('Transaction ID must be Unique');
        }
        $invoice = self::invoice($values);
        if ($invoice === null) {
            return self::error('Invoice ID Not Found');
        }
        if ((int) $invoice->userid !== $values['userid']) {
            return self::error('User ID does not own the given Invoice ID');
        }
        Capsule::table('tblaccounts')->insert([
            'userid' => $invoice->userid,
            'gateway' => $values['paymentmethod'],
            'date' => $values['date'] ?? '',
            'description' => $values['description'],
            'amountin' => $values['amountin'],
            'amountout' => $values['amountout'],
            'transid' => $values['transid'],
            'invoiceid' => $invoice->id,
        ]);
        return ['result' => 'success'];
    }

    private static function updateInvoice(array $values): array
    {
        Capsule::table('tblinvoices')->where('id', $values['invoiceid'])->update(['status' => $values['status']]);
        return ['result' => 'success', 'invoiceid' => $values['invoiceid']];
    }

    private static function addCredit(array $values): array
    {
        $sign = ($values['type'] ?? 'add') === 'remove' ? -1 : 1;
        self::credit($values['clientid'], $sign * Money::parse($values['amount']), $values['description']);
        return ['result' => 'success', 'newbalance' => '0.00'];
    }

    private static function getCurrencies(): array
    {
        return ['result' => 'success', 'currencies' => ['currency' => []]];
    }

    private static function credit(int $clientId, int $amount, string $description): void
    {
        if ($amount === 0) {
            return;
        }
        $credit = Money::parse(Capsule::table('tblclients')->where('id', $clientId)->value('credit'));
        Capsule::table('tblclients')->where('id', $clientId)->update(['credit' => Money::format($credit + $amount)]);
        Capsule::table('tblcredit')->insert([
            'clientid' => $clientId,
            'description' => $description,
            'amount' => Money::format($amount),
        ]);
    }
}
