<?php

/**
 * Stands in for WHMCS's init.php: encodes what a request brings, as WHMCS does, opens the database, and prints something it
 * should not.
 */

define('WHMCS', true);

require_once 'Illuminate/Database/autoload.php';
require_once __DIR__ . '/whmcs.php';
require_once __DIR__ . '/Database.php';
require_once __DIR__ . '/FakeWhmcs.php';

foreach ($_GET as $name => $value) {
    $_GET[$name] = is_string($value) ? htmlspecialchars($value, ENT_QUOTES) : $value;
}
if (!defined('CLIENTAREA')) {
    http_response_code(500);
    exit;
}
Payymo\Tests\Database::open((string) getenv('PAYYMO_TEST_SQLITE'));
ob_start();
echo "Warning: something of WHMCS\n";
