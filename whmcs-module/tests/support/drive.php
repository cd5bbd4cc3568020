<?php

/**
 * The module inside the stand-in of WHMCS, as a program: for trying it against a server of Payymo.
 *
 *   php drive.php <sqlite file> pair <pairing code> [<system URL>]   a fresh WHMCS, connected
 *   php drive.php <sqlite file> invoice <total>                      a new unpaid invoice
 *   php drive.php <sqlite file> sync                                 what the cron does
 *
 * Prints one line of JSON: the result, the invoices and the rows of tblaccounts.
 */

require __DIR__ . '/../bootstrap.php';

use Payymo\Tests\Database;
use Payymo\Tests\FakeWhmcs;
use WHMCS\Database\Capsule;
use WHMCS\Module\Addon\Payymo\Hooks;
use WHMCS\Module\Addon\Payymo\Json;
use WHMCS\Module\Addon\Payymo\Pairing;
use WHMCS\Module\Addon\Payymo\Remote\CallFailed;
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
    }
} catch (CallFailed $failure) {
    $result = ['ok' => false, 'reason' => $failure->reason(), 'words' => $failure->getMessage()];
}
echo Json::write([
    'result' => $result,
    'invoices' => Capsule::table('tblinvoices')->get(['id', 'status', 'total'])->all(),
    'accounts' => Capsule::table('tblaccounts')->get(['id', 'invoiceid', 'transid', 'amountin', 'amountout'])->all(),
]), "\n";
