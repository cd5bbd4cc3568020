<?php

namespace WHMCS\Module\Addon\Payymo;

use WHMCS\Database\Capsule;
use WHMCS\Module\Addon\Payymo\Admin\InvoiceBox;
use WHMCS\Module\Addon\Payymo\Admin\Widget;

if (!defined('WHMCS')) {
    exit;
}

/**
 * What happens at WHMCS's hook points. Those of invoices and clients add one row to the queue and nothing else: they run
 * inside the requests of clients and of payments. Whatever goes wrong here is never seen by WHMCS.
 */
final class Hooks
{
    /** Hook point => parameters that hold the ids of invoices. */
    private const INVOICE_POINTS = [
        'InvoiceCreated' => ['invoiceid'],
        'InvoicePaid' => ['invoiceid'],
        'InvoiceUnpaid' => ['invoiceid'],
        'InvoiceCancelled' => ['invoiceid'],
        'InvoiceRefunded' => ['invoiceid'],
        'AddInvoicePayment' => ['invoiceid'],
        // The manual misspells the parameter; both are read.
        'AddTransaction' => ['invoiceid', 'invocieid'],
        'UpdateInvoiceTotal' => ['invoiceid'],
        'AddInvoiceLateFee' => ['invoiceid'],
        'InvoiceSplit' => ['originalinvoiceid', 'newinvoiceid'],
    ];

    private const CLIENT_POINTS = [
        'ClientAdd' => ['client_id', 'userid'],
        'ClientEdit' => ['userid'],
        'ClientClose' => ['userid'],
    ];

    /** @var Services */
    private $services;

    public function __construct(?Services $services = null)
    {
        $this->services = $services ?? new Services();
    }

    public function register(): void
    {
        foreach (self::INVOICE_POINTS as $point => $fields) {
            $this->onChange($point, Queue::INVOICE, $fields);
        }
        foreach (self::CLIENT_POINTS as $point => $fields) {
            $this->onChange($point, Queue::CLIENT, $fields);
        }
        $this->on('AfterClientMerge', function (array $vars): void {
            $this->note(Queue::CLIENT, $vars, ['toUserID', 'fromUserID']);
            $this->note(Queue::INVOICES_OF_CLIENT, $vars, ['toUserID']);
        });
        $this->on('ManualRefund', function (array $vars): void {
            $transid = is_string($vars['transid'] ?? null) ? $vars['transid'] : '';
            $invoice = $transid === '' ? null : Capsule::table('tblaccounts')->where('transid', $transid)->value('invoiceid');
            $this->note(Queue::INVOICE, ['invoiceid' => $invoice], ['invoiceid']);
        });
        $this->on('AfterCronJob', function (): void {
            (new Sync($this->services))->runFromCron();
        });
        $this->on('AddonModuleConfigSave', function (): void {
            // Kept, since at deactivation the row of the option may be gone already.
            $this->services->settings()->set('remove_data', (string) Settings::option('remove_data'));
        });
        $this->on('AdminHomeWidgets', static function () {
            return class_exists('WHMCS\\Module\\AbstractWidget') ? new Widget() : null;
        });
        $this->on('AdminInvoicesControlsOutput', function (array $vars): string {
            return (new InvoiceBox($this->services->settings(), Words::ofAdmin()))->html((int) ($vars['invoiceid'] ?? 0));
        }, '');
        $this->on('ClientAreaPageViewInvoice', function (array $vars): array {
            return (new ClientHint($this->services->settings()))->variables($vars);
        }, []);
    }

    /** @param string[] $fields */
    private function onChange(string $point, string $kind, array $fields): void
    {
        $this->on($point, function (array $vars) use ($kind, $fields): void {
            $this->note($kind, $vars, $fields);
        });
    }

    /** @param string[] $fields */
    private function note(string $kind, array $vars, array $fields): void
    {
        $ids = [];
        foreach ($fields as $field) {
            $ids[] = (int) (is_scalar($vars[$field] ?? null) ? $vars[$field] : 0);
        }
        $ids = array_unique(array_filter($ids));
        if ($ids === [] || !$this->services->settings()->isPaired()) {
            return;
        }
        foreach ($ids as $id) {
            $this->services->queue()->note($kind, $id);
        }
    }

    /**
     * @param mixed $otherwise what WHMCS gets when something went wrong
     */
    private function on(string $point, callable $do, $otherwise = null): void
    {
        add_hook($point, 1, static function ($vars = []) use ($point, $do, $otherwise) {
            try {
                return $do(is_array($vars) ? $vars : []);
            } catch (\Throwable $fault) {
                self::swallowed($point, $fault);
                return $otherwise;
            }
        });
    }

    private static function swallowed(string $point, \Throwable $fault): void
    {
        try {
            (new Log(new Clock()))->warn('hook_failed', $point . ': ' . $fault->getMessage());
        } catch (\Throwable $ignored) {
            // Not even this may reach WHMCS.
        }
    }
}
