<?php

/**
 * The functions through which WHMCS runs the addon.
 */

use WHMCS\Module\Addon\Payymo\Admin\Page;
use WHMCS\Module\Addon\Payymo\Module;
use WHMCS\Module\Addon\Payymo\Schema;
use WHMCS\Module\Addon\Payymo\Services;
use WHMCS\Module\Addon\Payymo\Settings;
use WHMCS\Module\Addon\Payymo\Text;
use WHMCS\Module\Addon\Payymo\Words;

if (!defined('WHMCS')) {
    exit;
}

require_once __DIR__ . '/lib/autoload.php';

function payymo_config(): array
{
    return [
        'name' => 'Payymo',
        'description' => 'Finds the invoice that each bank payment pays, and books it once.',
        'version' => Module::VERSION,
        'author' => 'Payymo',
        'language' => 'english',
        'fields' => [
            'client_hint' => [
                'FriendlyName' => 'Show clients what to quote',
                'Type' => 'yesno',
                'Default' => 'on',
                'Description' => 'On the page of an invoice that is paid by bank transfer.',
            ],
            'remove_data' => [
                'FriendlyName' => 'Remove data on deactivation',
                'Type' => 'yesno',
                'Description' => 'Otherwise pairing, list of payments and log are kept.',
            ],
        ],
    ];
}

function payymo_activate(): array
{
    try {
        if (PHP_INT_SIZE < 8 || !function_exists('curl_init')) {
            return ['status' => 'error', 'description' => 'Payymo needs a 64-bit PHP with curl.'];
        }
        Schema::upgradeFrom('');
        return ['status' => 'success', 'description' => 'Payymo is active. Tick the roles that may see it, save, and open its page.'];
    } catch (\Throwable $fault) {
        return ['status' => 'error', 'description' => 'The tables could not be made: ' . Text::html($fault->getMessage())];
    }
}

function payymo_deactivate(): array
{
    try {
        $option = Settings::option('remove_data');
        $remove = ($option ?? (new Settings())->get('remove_data')) === 'on';
        if (!$remove) {
            return ['status' => 'success', 'description' => 'Payymo is off. Its tables mod_payymo_* were kept.'];
        }
        Schema::drop();
        return ['status' => 'success', 'description' => 'Payymo is off and its data is removed.'];
    } catch (\Throwable $fault) {
        return ['status' => 'error', 'description' => Text::html($fault->getMessage())];
    }
}

/** @param array<string, mixed> $vars `version` is the one that was installed before */
function payymo_upgrade($vars): void
{
    try {
        Schema::upgradeFrom((string) ($vars['version'] ?? ''));
    } catch (\Throwable $fault) {
        logActivity('Payymo: the upgrade of the tables failed: ' . $fault->getMessage());
    }
}

/** @param array<string, mixed> $vars */
function payymo_output($vars): void
{
    $words = new Words((array) ($vars['_lang'] ?? []));
    try {
        $page = new Page(new Services(), $words, (string) ($vars['modulelink'] ?? 'addonmodules.php?module=payymo'));
        echo $page->show((string) ($_SERVER['REQUEST_METHOD'] ?? 'GET'), $_POST);
    } catch (\Throwable $fault) {
        echo '<div class="errorbox">' . $words->html('page_failed') . ' ' . Text::html($fault->getMessage()) . '</div>';
    }
}

/** @param array<string, mixed> $vars */
function payymo_sidebar($vars): string
{
    try {
        $words = new Words((array) ($vars['_lang'] ?? []));
        $link = Text::html($vars['modulelink'] ?? 'addonmodules.php?module=payymo');
        $version = Text::html(Module::VERSION);
        return "<span class=\"header\">Payymo</span><ul class=\"menu\"><li><a href=\"$link\">{$words->html('status')}</a></li>"
            . "<li>{$words->html('version')} $version</li></ul>";
    } catch (\Throwable $fault) {
        return '';
    }
}
