<?php

/**
 * A FakePayymo behind PHP's own web server. Its state is kept in the file PAYYMO_FAKE_STATE; `/control/…` answers in ways
 * that no server should.
 */

define('WHMCS', true);

require_once __DIR__ . '/../../modules/addons/payymo/lib/autoload.php';
require_once __DIR__ . '/FakePayymo.php';

use Payymo\Tests\FakePayymo;

$path = (string) parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
switch ($path) {
    case '/control/redirect':
        header('Location: /control/landed', true, 302);
        return;
    case '/control/landed':
        echo 'followed';
        return;
    case '/control/large':
        for ($part = 0; $part < 40; $part++) {
            echo str_repeat('x', 100000);
        }
        return;
    case '/control/drip':
        for ($part = 0; $part < 100; $part++) {
            echo '.';
            flush();
            usleep(100000);
        }
        return;
    case '/control/echo':
        header('Content-Type: text/plain');
        echo file_get_contents('php://input');
        return;
}

$file = (string) getenv('PAYYMO_FAKE_STATE');
$payymo = is_file($file) && filesize($file) > 0 ? unserialize((string) file_get_contents($file)) : new FakePayymo();
$headers = array_change_key_case(getallheaders(), CASE_LOWER);
$answer = $payymo->answer($path, $headers, (string) file_get_contents('php://input'));
file_put_contents($file, serialize($payymo), LOCK_EX);
http_response_code($answer['status']);
foreach ($answer['headers'] as $name => $value) {
    header($name . ': ' . $value);
}
echo $answer['body'];
