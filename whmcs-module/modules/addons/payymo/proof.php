<?php

/**
 * Proves to Payymo that this address belongs to the holder of the shared secret. Answers a nonce and nothing else; says
 * neither what it is nor which version.
 */

use WHMCS\Module\Addon\Payymo\Clock;
use WHMCS\Module\Addon\Payymo\Proof;
use WHMCS\Module\Addon\Payymo\Settings;

define('CLIENTAREA', true);
require_once __DIR__ . '/../../../init.php';
require_once __DIR__ . '/lib/autoload.php';

(static function (): void {
    $answer = null;
    try {
        $nonce = $_GET['nonce'] ?? '';
        $method = $_SERVER['REQUEST_METHOD'] ?? '';
        if ($method === 'GET' && is_string($nonce)) {
            $address = (string) ($_SERVER['REMOTE_ADDR'] ?? '');
            $answer = (new Proof(new Settings(), new Clock()))->answer($nonce, $address);
        }
    } catch (\Throwable $ignored) {
        $answer = null;
    }
    // What other code printed while WHMCS started is no part of the proof.
    while (ob_get_level() > 0) {
        ob_end_clean();
    }
    http_response_code($answer === null ? 404 : 200);
    header('Content-Type: text/plain; charset=utf-8');
    header('Cache-Control: no-store');
    header('X-Content-Type-Options: nosniff');
    echo $answer ?? 'Not found';
})();
