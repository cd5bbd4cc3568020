<?php

namespace WHMCS\Module\Addon\Payymo\Admin;

use WHMCS\Module\Addon\Payymo\Booking\Payments;
use WHMCS\Module\Addon\Payymo\Reference;
use WHMCS\Module\Addon\Payymo\Settings;
use WHMCS\Module\Addon\Payymo\Text;
use WHMCS\Module\Addon\Payymo\Words;

if (!defined('WHMCS')) {
    exit;
}

/** What Payymo knows of one invoice, on its page in the admin area. */
final class InvoiceBox
{
    /** @var Settings */
    private $settings;

    /** @var Words */
    private $words;

    public function __construct(Settings $settings, Words $words)
    {
        $this->settings = $settings;
        $this->words = $words;
    }

    public function html(int $invoiceId): string
    {
        if ($invoiceId <= 0 || !$this->settings->isPaired()) {
            return '';
        }
        $lines = [];
        $reference = Reference::ofInvoice($this->settings, $invoiceId);
        if ($reference !== null) {
            $lines[] = $this->words->html('reference') . ': <code>' . Text::html($reference) . '</code>';
        }
        foreach (Payments::onInvoice($invoiceId) as $payment) {
            $lines[] = $this->words->html('action_' . $payment->action) . ' ' . Text::html($payment->amount . ' ' . $payment->currency)
                . ' ' . Sections::state($this->words, $payment) . ' <code>' . Text::html($payment->transid) . '</code> '
                . Html::time((int) $payment->updated_at) . ' ' . Text::html($payment->words);
        }
        if ($lines === []) {
            $lines[] = $this->words->html('invoice_nothing');
        }
        return '<div class="payymo-invoice" style="padding:8px 0;overflow-wrap:anywhere"><strong>Payymo</strong><br>'
            . implode('<br>', $lines) . '</div>';
    }
}
