<?php

namespace Payymo\Tests;

use WHMCS\Module\Addon\Payymo\Admin\Page;
use WHMCS\Module\Addon\Payymo\Services;
use WHMCS\Module\Addon\Payymo\Words;

/** The admin page as a browser gets and posts it. */
final class Pages
{
    private const LINK = 'addonmodules.php?module=payymo';

    public static function get(?Services $services = null, string $language = 'english'): string
    {
        $_SERVER['REQUEST_METHOD'] = 'GET';
        return self::page($services, $language)->show('GET', []);
    }

    /** As WHMCS hands it on: every value entity-encoded. */
    public static function post(Services $services, array $fields, ?string $token = FakeWhmcs::TOKEN): string
    {
        if ($token !== null) {
            $fields['token'] = $token;
        }
        FakeWhmcs::$requestToken = (string) $token;
        $encoded = array_map(static function ($value) {
            return is_string($value) ? htmlspecialchars($value, ENT_QUOTES) : $value;
        }, $fields);
        return self::page($services, 'english')->show('POST', $encoded);
    }

    private static function page(?Services $services, string $language): Page
    {
        return new Page($services ?? new Services(), Words::in($language), self::LINK);
    }
}
