<?php

/**
 * The module inside the stand-in of WHMCS, as a program: for trying it against a server of Payymo.
 *
 *   php drive.php <sqlite file> pair <pairing code> [<system URL>]   a fresh WHMCS, connected
 *   php drive.php <sqlite file> invoice <total>                      a new unpaid invoice
 *   php drive.php <sqlite file> sync                                 what the cron does
 *   php drive.php <sqlite file> card <invoice id> <amount>           paid by another hand, and no hook tells
 *   php drive.php <sqlite file> cancel <invoice id>                  cancelled, and no hook tells
 *   php drive.php <sqlite file> age <seconds>                        time goes by for what a killed run left behind
 *   php drive.php <sqlite file> hint <event> <invoice id> <event id> [<secret>]
 *
 * Prints one line of JSON: the result, the invoices, the rows of tblaccounts and of tblcredit.
 */

require __DIR__ . '/../bootstrap.php';

use Payymo\Tests\Database;
use Payymo\Tests\FakeWhmcs;
use WHMCS\Database\Capsule;
use WHMCS\Module\Addon\Payymo\Hooks;
use WHMCS\Module\Addon\Payymo\Json;
use WHMCS\Module\Addon\Payymo\Pairing;
use WHMCS\Module\Addon\Payymo\Remote\CallFailed;
use WHMCS\Module\Addon\Payymo\Remote\Signature;
use WHMCS\Module\Addon\Payymo\Services;
use WHMCS\Module\Addon\Payymo\Sync;

[, $file, $command] = $argv;
touch($file);
Database::open($file);
$services = new Services();
$result = null;
try {
    if ($command === 'pair') {
        Database::fresh();
        payymo_activate();
        if (isset($argv[4])) {
            Capsule::table('tblconfiguration')->where('setting', 'SystemURL')->update(['value' => $argv[4]]);
        }
        (new Pairing($services))->connect($argv[3]);
    } elseif ($command === 'invoice') {
        (new Hooks($services))->register();
        FakeWhmcs::fire('InvoiceCreated', ['invoiceid' => Database::invoice($argv[3])]);
    } elseif ($command === 'sync') {
        (new Hooks($services))->register();
        $result = (new Sync($services))->run(20);
    } elseif ($command === 'card') {
        $values = ['invoiceid' => (int) $argv[3], 'amount' => $argv[4], 'transid' => 'card-' . $argv[3]];
        localAPI('AddInvoicePayment', $values + ['gateway' => 'stripe', 'date' => '2026-11-02 00:00:00']);
    } elseif ($command === 'cancel') {
        Capsule::table('tblinvoices')->where('id', (int) $argv[3])->update(['status' => 'Cancelled']);
    } elseif ($command === 'age') {
        Capsule::table('mod_payymo_locks')->decrement('expires_at', (int) $argv[3]);
        Capsule::table('mod_payymo_payments')->decrement('owned_until', (int) $argv[3]);
        Capsule::table('mod_payymo_payments')->decrement('sent_at', (int) $argv[3]);
    } elseif ($command === 'hint') {
        $settings = $services->settings();
        $raw = Json::write([
            'event_id' => $argv[5],
            'event' => $argv[3],
            'sent_at' => gmdate('Y-m-d\TH:i:s\Z'),
            'data' => ['invoice_id' => $argv[4]],
        ]);
        $url = $settings->get('server') . '/webhooks/whmcs/' . $settings->get('instance_id');
        $header = Signature::header($argv[6] ?? (string) $settings->secret(), time(), $raw);
        $result = $services->transport()->post($url, ['X-Payymo-Signature' => $header], $raw)['status'];
    }
} catch (CallFailed $failure) {
    $result = ['ok' => false, 'reason' => $failure->reason(), 'words' => $failure->getMessage()];
}
echo Json::write([
    'result' => $result,
    'invoices' => Capsule::table('tblinvoices')->get(['id', 'status', 'total'])->all(),
    'accounts' => Capsule::table('tblaccounts')->get(['id', 'invoiceid', 'transid', 'amountin', 'amountout'])->all(),
    'credits' => Capsule::table('tblcredit')->pluck('amount')->all(),
]), "\n";
