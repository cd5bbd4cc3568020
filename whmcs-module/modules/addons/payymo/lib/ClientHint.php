<?php

namespace WHMCS\Module\Addon\Payymo;

use WHMCS\Database\Capsule;

if (!defined('WHMCS')) {
    exit;
}

/**
 * Tells clients what to quote, on the page of an invoice they still owe and pay by transfer. Themes find it in
 * {$payymoReference} and {$payymoHint}; without touching a theme it follows the instructions of the payment method, which
 * every theme prints.
 */
final class ClientHint
{
    private const OFFLINE = ['banktransfer', 'mailin'];

    /** @var Settings */
    private $settings;

    public function __construct(Settings $settings)
    {
        $this->settings = $settings;
    }

    /** @return array<string, string> template variables */
    public function variables(array $vars): array
    {
        $invoiceId = (int) ($vars['invoiceid'] ?? 0);
        if ($invoiceId <= 0 || (Settings::option('client_hint') ?? 'on') !== 'on') {
            return [];
        }
        $reference = Reference::ofInvoice($this->settings, $invoiceId);
        if ($reference === null || !$this->paysByTransfer($invoiceId)) {
            return [];
        }
        $language = $vars['language'] ?? $_SESSION['Language'] ?? Whmcs::setting('Language');
        $hint = Words::in(is_string($language) ? $language : '')->html('client_hint_text');
        $box = '<div class="payymo-reference">' . $hint . ' <strong>' . Text::html($reference) . '</strong></div>';
        return [
            'payymoReference' => Text::html($reference),
            'payymoHint' => $hint,
            'paymentbutton' => (is_string($vars['paymentbutton'] ?? null) ? $vars['paymentbutton'] : '') . $box,
        ];
    }

    private function paysByTransfer(int $invoiceId): bool
    {
        $invoice = Capsule::table('tblinvoices')->where('id', $invoiceId)->first(['status', 'paymentmethod']);
        $state = $this->settings->getMap('last_state');
        $methods = self::OFFLINE;
        $methods[] = (string) ($state['settings']['payment_method'] ?? '');
        return $invoice !== null && $invoice->status === 'Unpaid' && in_array($invoice->paymentmethod, $methods, true);
    }
}
