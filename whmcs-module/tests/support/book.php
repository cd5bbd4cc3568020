<?php

/**
 * One process that carries out one order: `php book.php <sqlite file> <order as JSON> [<seconds to add to the clock>]`.
 * Prints how it ended. PAYYMO_START holds a unix time with fraction to begin at, so that several begin together.
 */

define('WHMCS', true);

require_once 'Illuminate/Database/autoload.php';
require_once __DIR__ . '/whmcs.php';
require_once __DIR__ . '/../../modules/addons/payymo/lib/autoload.php';
require_once __DIR__ . '/Database.php';
require_once __DIR__ . '/FakeWhmcs.php';
require_once __DIR__ . '/TurnedClock.php';
require_once __DIR__ . '/Processes.php';

use Payymo\Tests\Database;
use Payymo\Tests\TurnedClock;
use WHMCS\Module\Addon\Payymo\Booking\Order;
use WHMCS\Module\Addon\Payymo\Services;

Database::open($argv[1]);
$clock = new TurnedClock();
$clock->now += (int) ($argv[3] ?? 0);
$start = (float) getenv('PAYYMO_START');
while (microtime(true) < $start) {
    usleep(500);
}
$ending = (new Services($clock))->booker()->carryOut(Order::read(json_decode($argv[2], true)));
echo $ending === null ? 'nothing' : $ending->outcome . ' ' . $ending->code;
