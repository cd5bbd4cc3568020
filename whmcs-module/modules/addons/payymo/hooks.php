<?php

/** WHMCS reads this file on every request once the addon is active. */

use WHMCS\Module\Addon\Payymo\Hooks;

if (!defined('WHMCS')) {
    exit;
}

require_once __DIR__ . '/lib/autoload.php';

(new Hooks())->register();
