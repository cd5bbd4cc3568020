<?php

/**
 * The functions and classes of WHMCS that the module uses, under their own names.
 */

namespace WHMCS\Database {

    class Capsule extends \Illuminate\Database\Capsule\Manager
    {
    }
}

namespace WHMCS\Module {

    abstract class AbstractWidget
    {
        abstract public function getData();

        abstract public function generateOutput($data);
    }
}

namespace {

    use Payymo\Tests\FakeWhmcs;

    function add_hook($point, $priority, $callable)
    {
        FakeWhmcs::$hooks[$point][] = $callable;
    }

    function localAPI($action, $values = [], $adminUser = null)
    {
        return FakeWhmcs::localApi($action, $values);
    }

    function logActivity($message, $clientId = 0)
    {
        FakeWhmcs::$activity[] = $message;
    }

    function logModuleCall($module, $action, $request, $response, $processed = '', $replaceVars = [])
    {
        FakeWhmcs::$moduleLog[] = compact('module', 'action', 'request', 'response', 'processed', 'replaceVars');
    }

    function generate_token($type = 'form')
    {
        $token = FakeWhmcs::TOKEN;
        return $type === 'plain' ? $token : '<input type="hidden" name="token" value="' . $token . '">';
    }

    function check_token($namespace = '')
    {
        return FakeWhmcs::checkToken();
    }

    function encrypt($text)
    {
        $nonce = random_bytes(16);
        $key = hash('sha256', FakeWhmcs::$encryptionHash, true);
        return base64_encode($nonce . openssl_encrypt($text, 'aes-256-ctr', $key, OPENSSL_RAW_DATA, $nonce));
    }

    function decrypt($text)
    {
        $raw = base64_decode((string) $text, true);
        if ($raw === false || strlen($raw) < 16) {
            return '';
        }
        $key = hash('sha256', FakeWhmcs::$encryptionHash, true);
        return openssl_decrypt(substr($raw, 16), 'aes-256-ctr', $key, OPENSSL_RAW_DATA, substr($raw, 0, 16));
    }
}
