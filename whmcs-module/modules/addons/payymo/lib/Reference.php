<?php

namespace WHMCS\Module\Addon\Payymo;

use WHMCS\Database\Capsule;

if (!defined('WHMCS')) {
    exit;
}

/** What a client is asked to quote with a transfer, so that it finds its invoice by itself. */
final class Reference
{
    /** Null where Payymo gives no text for it. */
    public static function ofInvoice(Settings $settings, int $invoiceId): ?string
    {
        $state = $settings->getMap('last_state');
        $hint = $state['settings']['reference_hint'] ?? null;
        if (!is_string($hint) || trim($hint) === '') {
            return null;
        }
        $row = Capsule::table('tblinvoices')->where('id', $invoiceId)->first(['id', 'invoicenum']);
        if ($row === null) {
            return null;
        }
        $number = Text::plain($row->invoicenum, 100);
        return strtr(substr($hint, 0, 200), ['{number}' => $number === '' ? $invoiceId : $number, '{id}' => $invoiceId]);
    }
}
