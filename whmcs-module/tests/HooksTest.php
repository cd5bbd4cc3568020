<?php

namespace Payymo\Tests;

use WHMCS\Database\Capsule;
use WHMCS\Module\Addon\Payymo\Booking\Order;

final class HooksTest extends ModuleTestCase
{
    private const NOTING = [
        'InvoiceCreated' => ['invoiceid' => 5],
        'InvoicePaid' => ['invoiceid' => 5],
        'InvoiceUnpaid' => ['invoiceid' => 5],
        'InvoiceCancelled' => ['invoiceid' => 5],
        'InvoiceRefunded' => ['invoiceid' => 5],
        'AddInvoicePayment' => ['invoiceid' => 5],
        'AddTransaction' => ['invocieid' => 5],
        'UpdateInvoiceTotal' => ['invoiceid' => '5'],
        'AddInvoiceLateFee' => ['invoiceid' => 5],
        'InvoiceSplit' => ['originalinvoiceid' => 5, 'newinvoiceid' => 6],
        'ClientAdd' => ['client_id' => 5, 'userid' => 5],
        'ClientEdit' => ['userid' => 5],
        'ClientClose' => ['userid' => 5],
        'AfterClientMerge' => ['toUserID' => 5, 'fromUserID' => 6],
    ];

    private const OTHERS = [
        'ManualRefund',
        'AfterCronJob',
        'AddonModuleConfigSave',
        'AdminHomeWidgets',
        'AdminInvoicesControlsOutput',
        'ClientAreaPageViewInvoice',
    ];

    protected function setUp(): void
    {
        parent::setUp();
        $this->withHooks();
    }

    public function testEveryPointIsRegisteredAndNoOther(): void
    {
        $points = array_merge(array_keys(self::NOTING), self::OTHERS);
        $this->assertEqualsCanonicalizing($points, array_keys(FakeWhmcs::$hooks));
    }

    public function testTheFileRegistersTheSame(): void
    {
        $before = array_keys(FakeWhmcs::$hooks);
        FakeWhmcs::$hooks = [];
        ob_start();
        include dirname(__DIR__) . '/modules/addons/payymo/hooks.php';
        $this->assertSame('', ob_get_clean());
        $this->assertSame($before, array_keys(FakeWhmcs::$hooks));
    }

    public function testChangesAddRowsAndCallNobody(): void
    {
        $this->paired();
        foreach (self::NOTING as $point => $vars) {
            Capsule::table('mod_payymo_queue')->delete();
            FakeWhmcs::fire($point, $vars);
            $this->assertGreaterThan(0, $this->services->queue()->size(), $point);
        }
        $this->assertSame([], $this->transport->sent);
        $this->assertSame([], FakeWhmcs::$calls);
    }

    public function testNothingIsNotedWhileNotConnected(): void
    {
        foreach (self::NOTING as $point => $vars) {
            FakeWhmcs::fire($point, $vars);
        }
        FakeWhmcs::fire('AfterCronJob');
        $this->assertSame(0, $this->services->queue()->size());
        $this->assertSame([], $this->transport->sent);
        $this->assertNotSame('', $this->services->settings()->get('cron_last_at'));
    }

    public function testARefundFindsItsInvoice(): void
    {
        $this->paired();
        $id = Database::invoice('100.00');
        $this->services->booker()->carryOut(Order::read($this->offer($id, '100.00')));
        Capsule::table('mod_payymo_queue')->delete();
        FakeWhmcs::fire('ManualRefund', ['transid' => 'PYM-ABCDEFGHIJKLMNOPQRSTUVWXY2', 'amount' => '5.00']);
        $this->assertSame([$id], array_keys($this->services->queue()->peek('invoice', 5)));
    }

    /** @dataProvider breakages */
    public function testEveryHookSwallowsWhateverGoesWrong(callable $break): void
    {
        $this->paired();
        $break();
        $answers = [];
        foreach (FakeWhmcs::$hooks as $point => $hooks) {
            foreach ([['invoiceid' => 5, 'userid' => 5, 'transid' => 'x'], 'no array', null, ['invoiceid' => ['a']]] as $vars) {
                foreach ($hooks as $hook) {
                    $answers[$point] = $hook($vars);
                }
            }
        }
        $this->assertSame('', $answers['AdminInvoicesControlsOutput']);
        $this->assertSame([], $answers['ClientAreaPageViewInvoice']);
        $this->assertNull($answers['InvoicePaid']);
    }

    public function breakages(): array
    {
        return [
            'no tables' => [static function (): void {
                Capsule::schema()->dropAllTables();
            }],
            'own tables gone' => [static function (): void {
                \WHMCS\Module\Addon\Payymo\Schema::drop();
            }],
        ];
    }

    public function testTheClientIsToldWhatToQuote(): void
    {
        $this->paired();
        $said = ['reference_hint' => 'INV <{number}>', 'payment_method' => 'stripe'];
        $this->services->settings()->setMap('last_state', ['settings' => $said]);
        $id = Database::invoice('100.00');
        $vars = ['invoiceid' => $id, 'language' => 'german', 'paymentbutton' => '<p>IBAN</p>'];
        $answer = FakeWhmcs::fire('ClientAreaPageViewInvoice', $vars);
        $this->assertSame("INV &lt;$id&gt;", $answer['payymoReference']);
        $this->assertStringContainsString('Verwendungszweck', $answer['payymoHint']);
        $this->assertStringStartsWith('<p>IBAN</p><div', $answer['paymentbutton']);

        Capsule::table('tblinvoices')->update(['invoicenum' => '2026-15']);
        $this->assertSame('INV &lt;2026-15&gt;', FakeWhmcs::fire('ClientAreaPageViewInvoice', ['invoiceid' => $id])['payymoReference']);
    }

    /** @dataProvider silent */
    public function testTheHintIsSilentWhereItWouldMislead(callable $change): void
    {
        $this->paired();
        $this->services->settings()->setMap('last_state', ['settings' => ['reference_hint' => 'INV {number}']]);
        $id = Database::invoice('100.00');
        $this->assertNotSame([], FakeWhmcs::fire('ClientAreaPageViewInvoice', ['invoiceid' => $id]));
        $change($this->services->settings());
        $this->assertSame([], FakeWhmcs::fire('ClientAreaPageViewInvoice', ['invoiceid' => $id]));
    }

    public function silent(): array
    {
        return [
            'paid' => [static function (): void {
                Capsule::table('tblinvoices')->update(['status' => 'Paid']);
            }],
            'by card' => [static function (): void {
                Capsule::table('tblinvoices')->update(['paymentmethod' => 'stripe']);
            }],
            'switched off' => [static function (): void {
                Capsule::table('tbladdonmodules')->where('setting', 'client_hint')->update(['value' => '']);
            }],
            'no text' => [static function ($settings): void {
                $settings->setMap('last_state', ['settings' => ['reference_hint' => null]]);
            }],
            'not connected' => [static function ($settings): void {
                $settings->unpair();
            }],
        ];
    }

    public function testTheInvoicePageShowsWhatIsKnown(): void
    {
        $this->paired();
        $_SESSION['adminid'] = 1;
        $id = Database::invoice('100.00');
        $this->assertStringContainsString('Noch keine Zahlung', FakeWhmcs::fire('AdminInvoicesControlsOutput', ['invoiceid' => $id]));
        $this->services->booker()->carryOut(Order::read($this->offer($id, '100.00')));
        Capsule::table('mod_payymo_payments')->update(['words' => '"><script>alert(1)</script>']);
        $html = FakeWhmcs::fire('AdminInvoicesControlsOutput', ['invoiceid' => $id]);
        $this->assertStringContainsString('100.00 EUR', $html);
        $this->assertStringContainsString('gebucht', $html);
        $this->assertStringNotContainsString('<script>', $html);
    }

    public function testTheWidgetShowsTheLastRun(): void
    {
        $this->paired();
        FakeWhmcs::fire('AfterCronJob');
        $_SESSION['adminlang'] = 'english';
        $widget = FakeWhmcs::fire('AdminHomeWidgets');
        $this->assertInstanceOf('WHMCS\\Module\\AbstractWidget', $widget);
        $sent = count($this->transport->sent);
        $html = $widget->generateOutput($widget->getData());
        $this->assertStringContainsString('connected', $html);
        $this->assertStringContainsString('https://app.payymo.example/review', $html);
        $this->assertCount($sent, $this->transport->sent);
        Capsule::schema()->dropAllTables();
        $this->assertSame('', $widget->generateOutput($widget->getData()));
    }
}
