<?php

/**
 * The stand-in of WHMCS: its globals, its tables and the real Capsule, from Debian's php-illuminate-database.
 * PAYYMO_TEST_MYSQL="host=…;port=…;dbname=…;user=…" runs everything on MySQL or MariaDB instead of sqlite.
 */

define('WHMCS', true);

require_once 'Illuminate/Database/autoload.php';
require_once __DIR__ . '/support/whmcs.php';
require_once __DIR__ . '/../modules/addons/payymo/payymo.php';
require_once __DIR__ . '/support/Database.php';
require_once __DIR__ . '/support/FakeWhmcs.php';
require_once __DIR__ . '/support/TurnedClock.php';
require_once __DIR__ . '/support/FakePayymo.php';
require_once __DIR__ . '/support/FakePayymoTransport.php';
require_once __DIR__ . '/support/Processes.php';
require_once __DIR__ . '/support/Pages.php';
if (class_exists('PHPUnit\\Framework\\TestCase')) {
    require_once __DIR__ . '/support/ModuleTestCase.php';
}

date_default_timezone_set('UTC');
