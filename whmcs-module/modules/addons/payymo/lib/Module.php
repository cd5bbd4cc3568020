<?php

namespace WHMCS\Module\Addon\Payymo;

if (!defined('WHMCS')) {
    exit;
}

/** What the module is called, and the one place that holds its version. */
final class Module
{
    public const NAME = 'payymo';
    public const VERSION = '1.0.0';
}
