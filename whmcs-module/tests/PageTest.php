<?php

namespace Payymo\Tests;

use WHMCS\Database\Capsule;
use WHMCS\Module\Addon\Payymo\Booking\Order;

final class PageTest extends ModuleTestCase
{
    private const NASTY = '"><script>alert(\'O&#039;Neil\')</script>';

    public function testBeforePairingItAsksForACode(): void
    {
        $html = Pages::get($this->services);
        $this->assertStringContainsString('name="pairing_code"', $html);
        $this->assertStringNotContainsString('value="sync"', $html);
    }

    public function testConnectingPairsAndSyncs(): void
    {
        Database::invoice('100.00');
        $this->payymo->state = ['wanted' => ['full' => true]];
        $html = Pages::post($this->services, ['payymo_action' => 'connect', 'pairing_code' => FakePayymo::code(self::SERVER)]);
        $this->assertStringContainsString('Connected.', $html);
        $this->assertStringContainsString('1 invoices told', $html);
        $this->assertStringContainsString('value="sync"', $html);
        $this->assertStringContainsString('https://app.payymo.example/review', $html);
    }

    /** @dataProvider badTokens */
    public function testEveryPostWithoutTheTokenIsRefused(string $action, ?string $token, string $refusal): void
    {
        $this->paired();
        FakeWhmcs::$refusal = $refusal;
        $fields = ['payymo_action' => $action, 'sure' => '1', 'pairing_code' => FakePayymo::code(self::SERVER)];
        $html = Pages::post($this->services, $fields, $token);
        $this->assertStringContainsString('Nothing was done', $html);
        $this->assertSame([], $this->transport->sent);
        $this->assertTrue($this->services->settings()->isPaired());
    }

    public function badTokens(): iterable
    {
        foreach (['connect', 'disconnect', 'sync', 'test'] as $action) {
            yield "$action without" => [$action, null, 'false'];
            yield "$action empty" => [$action, '', 'false'];
            yield "$action wrong" => [$action, 'wrong', 'false'];
            yield "$action wrong, WHMCS throws" => [$action, 'wrong', 'throw'];
        }
    }

    public function testEveryFormCarriesTheToken(): void
    {
        $this->paired();
        $html = Pages::get($this->services);
        $this->assertSame(substr_count($html, '<form'), substr_count($html, 'name="token"'));
        $this->assertSame(4, substr_count($html, '<form'));
    }

    public function testDisconnectingWantsToBeSure(): void
    {
        $this->paired();
        Pages::post($this->services, ['payymo_action' => 'disconnect']);
        $this->assertTrue($this->services->settings()->isPaired());
        $html = Pages::post($this->services, ['payymo_action' => 'disconnect', 'sure' => '1']);
        $this->assertStringContainsString('Disconnected', $html);
        $this->assertFalse($this->services->settings()->isPaired());
        $this->assertNull($this->services->settings()->secret());
    }

    public function testAWrongCodeIsSaidInWords(): void
    {
        $html = Pages::post($this->services, ['payymo_action' => 'connect', 'pairing_code' => self::NASTY]);
        $this->assertStringContainsString('no pairing code', $html);
        $this->assertStringNotContainsString('<script>', $html);
        $this->assertSame([], $this->transport->sent);
    }

    public function testUnknownActionsAndShapesDoNothing(): void
    {
        $this->paired();
        $this->assertStringContainsString('Unknown action', Pages::post($this->services, ['payymo_action' => 'drop']));
        $this->assertStringContainsString('Unknown action', Pages::post($this->services, ['payymo_action' => ['sync']]));
        $this->assertStringContainsString('no pairing code', Pages::post($this->services, [
            'payymo_action' => 'connect',
            'pairing_code' => ['a'],
        ]));
    }

    public function testEverythingShownIsEscaped(): void
    {
        $this->paired();
        $id = Database::invoice('100.00');
        $this->services->booker()->carryOut(Order::read($this->offer($id, '100.00')));
        $nasty = self::NASTY;
        Capsule::table('mod_payymo_payments')->update([
            'transid' => $nasty,
            'words' => $nasty,
            'amount' => '"><script>',
            'currency' => '<b>',
            'state' => '"><b>',
            'action' => '"><b>',
        ]);
        Capsule::table('mod_payymo_log')->insert(['at' => 1, 'level' => 'warn', 'event' => $nasty, 'detail' => $nasty]);
        $settings = $this->services->settings();
        $settings->set('server', $nasty);
        $settings->set('instance_id', $nasty);
        $settings->setMap('last_error', ['reason' => $nasty, 'words' => $nasty, 'at' => 5]);
        $settings->setMap('last_state', [
            'verified' => true,
            'pending_payments' => $nasty,
            'waiting_for_review' => $nasty,
            'settings' => ['review_url' => 'javascript:alert(1)//' . $nasty],
        ]);
        $html = Pages::get($this->services);
        $this->assertStringNotContainsString('<script', $html);
        $this->assertStringNotContainsString('<b>', $html);
        $this->assertStringNotContainsString('javascript:', $html);
        $this->assertStringContainsString('&lt;script&gt;', $html);
        $document = new \DOMDocument();
        $this->assertTrue($document->loadHTML('<!doctype html><meta charset="utf-8">' . $html, LIBXML_NOERROR));
        $this->assertSame(0, $document->getElementsByTagName('script')->length);
    }

    public function testSecretsNeverReachThePage(): void
    {
        Pages::post($this->services, ['payymo_action' => 'connect', 'pairing_code' => FakePayymo::code(self::SERVER)]);
        $this->services->log()->warn('call_failed', 'said ' . FakePayymo::SECRET . ' and ' . FakePayymo::code(self::SERVER));
        $this->payymo->meddle = static function (): array {
            return FakePayymo::error(422, 'your secret is ' . FakePayymo::SECRET);
        };
        $html = Pages::post($this->services, ['payymo_action' => 'sync'])
            . Pages::post($this->services, ['payymo_action' => 'test']) . Pages::get($this->services);
        $this->assertStringNotContainsString('c2VjcmV0LW9m', $html);
        $this->assertStringNotContainsString(substr(FakePayymo::code(self::SERVER), 4, 20), $html);
        $this->assertStringNotContainsString(Capsule::table('mod_payymo_settings')->where('name', 'secret')->value('value'), $html);
    }

    public function testTheTestNamesWhatFailsAndWhatToDo(): void
    {
        $this->paired();
        Capsule::table('tblconfiguration')->where('setting', 'SystemURL')->update(['value' => 'http://my.northbyte.example']);
        $this->payymo->now = function (): int {
            return $this->clock->now + 200;
        };
        $html = Pages::post($this->services, ['payymo_action' => 'test']);
        $this->assertStringContainsString('Set the clock by NTP', $html);
        $this->assertStringContainsString('General Settings', $html);
        $this->transport->down = true;
        $this->assertStringContainsString('outgoing port 443', Pages::post($this->services, ['payymo_action' => 'test']));
        $this->assertSame(0, FakeWhmcs::count('AddInvoicePayment'));
    }

    public function testOneRunAtATimeIsSaid(): void
    {
        $this->paired();
        $this->services->runLocks()->acquire('run', 300);
        $this->assertStringContainsString('Another run', Pages::post($this->services, ['payymo_action' => 'sync']));
    }

    public function testCronHealth(): void
    {
        $this->paired();
        $this->assertStringContainsString('not seen yet', Pages::get($this->services));
        $this->services->settings()->set('cron_last_at', (string) $this->clock->now);
        $this->assertStringNotContainsString('every five minutes', Pages::get($this->services));
        $this->clock->turn(2 * 86400);
        $this->assertStringContainsString('has not run for a day', Pages::get($this->services));
    }

    public function testTheEntryPointsEchoAndReturn(): void
    {
        $_SERVER['REQUEST_METHOD'] = 'GET';
        ob_start();
        payymo_output(['modulelink' => 'addonmodules.php?module=payymo', '_lang' => ['status' => 'Zustand']]);
        $html = (string) ob_get_clean();
        $this->assertStringContainsString('<h2>Zustand</h2>', $html);
        $this->assertStringContainsString('Pairing code', $html);
        $this->assertStringContainsString('1.0.0', payymo_sidebar(['modulelink' => '"><b>']));
        $this->assertStringNotContainsString('"><b>', payymo_sidebar(['modulelink' => '"><b>']));
    }

    public function testItSpeaksGermanAndFallsBackToEnglish(): void
    {
        $this->assertStringContainsString('Verbindungscode', Pages::get($this->services, 'german'));
        $this->assertStringContainsString('Pairing code', Pages::get($this->services, 'klingon'));
        $this->assertStringContainsString('Pairing code', Pages::get($this->services, '../../secrets'));
    }

    public function testNoScriptIsNeeded(): void
    {
        $this->paired();
        $this->assertDoesNotMatchRegularExpression('/<script|\son\w+=/i', Pages::get($this->services));
    }
}
