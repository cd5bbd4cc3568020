<?php

/**
 * Finds the module's classes by their file names. Own rather than Composer's: a bundled vendor folder collides with the
 * libraries inside WHMCS.
 */

if (!defined('WHMCS')) {
    exit;
}

spl_autoload_register(static function (string $class): void {
    $prefix = 'WHMCS\\Module\\Addon\\Payymo\\';
    if (strncmp($class, $prefix, strlen($prefix)) !== 0) {
        return;
    }
    $file = __DIR__ . '/' . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
    if (is_file($file)) {
        require_once $file;
    }
});
