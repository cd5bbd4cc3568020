<?php

namespace Payymo\Tests;

use WHMCS\Database\Capsule;
use WHMCS\Module\Addon\Payymo\Booking\Payments;
use WHMCS\Module\Addon\Payymo\Locks\RowLocks;
use WHMCS\Module\Addon\Payymo\Queue;
use WHMCS\Module\Addon\Payymo\Sync;

final class SyncTest extends ModuleTestCase
{
    protected function setUp(): void
    {
        parent::setUp();
        $this->paired();
        $this->withHooks();
    }

    private function sync(int $seconds = 40): array
    {
        return (new Sync($this->services))->run($seconds);
    }

    /** @return string[] the calls Payymo took, in order */
    private function calls(): array
    {
        return array_column($this->payymo->taken, 'call');
    }

    public function testTheCronTellsBooksAndReports(): void
    {
        $id = Database::invoice('100.00');
        FakeWhmcs::fire('InvoiceCreated', ['invoiceid' => $id]);
        $this->payymo->offers = [$this->offer($id, '100.00')];
        FakeWhmcs::fire('AfterCronJob');

        $this->assertSame(['state', 'push', 'work', 'results', 'work', 'push'], $this->calls());
        $this->assertSame('Paid', $this->statusOf($id));
        $result = $this->payymo->bodies('results')[0]['results'][0];
        $this->assertSame(['applied', 1], [$result['outcome'], $result['fence']]);
        $this->assertSame('applied', Payments::latest(1)[0]->server_state);
        $this->assertSame([], Payments::unreported(5));
        $this->assertSame(0, $this->services->queue()->size());
    }

    public function testAnInvoiceIsToldWholeAndPlain(): void
    {
        $id = Database::invoice('100.00', ['invoicenum' => '2026-&quot;15&quot;']);
        $this->services->queue()->note(Queue::INVOICE, $id);
        $this->sync();
        $body = $this->payymo->bodies('push')[0];
        $this->assertSame([
            'id' => (string) $id,
            'number' => '2026-"15"',
            'client_id' => '1',
            'status' => 'Unpaid',
            'date' => '2026-11-01',
            'due_date' => '2026-11-15',
            'date_paid' => null,
            'total' => '100.00',
            'balance' => '100.00',
            'credit' => '0.00',
            'currency' => 'EUR',
            'items' => [[
                'type' => 'Hosting',
                'rel_id' => '7',
                'description' => 'Hosting "Large" (01/11/2026 - 30/11/2026)',
                'amount' => '100.00',
            ]],
            'payments' => [],
            'updated_at' => '2026-11-01 10:00:00',
        ], $body['invoices'][0]);
        $this->assertSame([[
            'id' => '1',
            'first_name' => 'Sean',
            'last_name' => "O'Neil",
            'company' => 'Smith & Sons',
            'email' => 'sean@smith.example',
            'currency' => 'EUR',
            'credit' => '0.00',
        ]], $body['clients']);
    }

    public function testStateSaysWhoWeAre(): void
    {
        FakeWhmcs::fire('AfterCronJob');
        $body = $this->payymo->bodies('state')[0];
        $this->assertSame('https://my.northbyte.example/billing', $body['system_url']);
        $this->assertSame([['name' => 'banktransfer', 'title' => 'Bank Transfer & Cheque']], $body['payment_methods']);
        $this->assertSame(gmdate('Y-m-d\TH:i:s\Z', $this->clock->now), $body['cron_last_at']);
    }

    public function testTheSameInvoiceNotedOftenIsToldOnce(): void
    {
        $id = Database::invoice('100.00');
        foreach (['InvoiceCreated', 'UpdateInvoiceTotal', 'InvoicePaid', 'AddInvoicePayment'] as $point) {
            FakeWhmcs::fire($point, ['invoiceid' => $id]);
        }
        $this->sync();
        $this->assertCount(1, $this->payymo->bodies('push'));
        $this->assertCount(1, $this->payymo->bodies('push')[0]['invoices']);
    }

    public function testWhatIsNotedDuringTheCallStays(): void
    {
        $id = Database::invoice('100.00');
        $this->services->queue()->note(Queue::INVOICE, $id);
        $this->payymo->meddle = function (string $call, array $answer) use ($id): array {
            if ($call === 'push' && count($this->payymo->bodies('push')) === 1) {
                $this->services->queue()->note(Queue::INVOICE, $id);
            }
            return $answer;
        };
        $this->sync();
        $this->assertCount(2, $this->payymo->bodies('push'));
    }

    public function testAFailedCallLosesNothing(): void
    {
        $id = Database::invoice('100.00');
        $this->services->queue()->note(Queue::INVOICE, $id);
        $this->payymo->meddle = static function (string $call, array $answer): array {
            return $call === 'push' ? ['status' => 503, 'headers' => [], 'body' => ''] : $answer;
        };
        $this->assertSame('unavailable', $this->sync()['reason']);
        $this->assertSame(1, $this->services->queue()->size());
        $this->payymo->meddle = null;
        $this->assertTrue($this->sync()['ok']);
        $this->assertSame(0, $this->services->queue()->size());
    }

    public function testAnInvoiceThatIsGoneIsNamed(): void
    {
        $this->payymo->state = ['wanted' => ['invoices' => ['4711']]];
        $this->sync();
        $this->assertSame(['4711'], $this->payymo->bodies('push')[0]['gone']);
    }

    public function testWantedInvoicesGoFirst(): void
    {
        $first = Database::invoice('1.00');
        $wanted = Database::invoice('2.00');
        $this->services->queue()->note(Queue::INVOICE, $first);
        $this->payymo->state = ['wanted' => ['invoices' => [(string) $wanted]]];
        $this->sync();
        $this->assertSame((string) $wanted, $this->payymo->bodies('push')[0]['invoices'][0]['id']);
    }

    public function testAllOfItInPagesOverSeveralRuns(): void
    {
        for ($number = 0; $number < 450; $number++) {
            $rows[] = ['userid' => 1, 'date' => '2026-10-01', 'total' => '1.00', 'status' => $number % 3 === 0 ? 'Unpaid' : 'Paid'];
        }
        Capsule::table('tblinvoices')->insert($rows);
        Database::invoice('9.00', ['status' => 'Paid', 'date' => '2020-01-01', 'updated_at' => null]);
        Database::invoice('9.00', ['status' => 'Unpaid', 'date' => '2020-01-01']);
        Database::invoice('9.00', ['status' => 'Draft']);
        $this->payymo->state = ['wanted' => ['full' => true]];
        // Time for the beginning and one page.
        $this->payymo->meddle = function (string $call, array $answer): array {
            $pages = count($this->payymo->bodies('push'));
            if ($pages === 2) {
                $this->clock->elapsed = 1000.0;
            }
            return $answer;
        };
        $this->sync();
        $this->assertCount(2, $this->payymo->bodies('push'));
        $this->payymo->meddle = null;
        $this->payymo->state = [];
        $this->sync();

        $steps = array_column(array_column($this->payymo->bodies('push'), 'full'), 'step');
        $this->assertSame(['begin', 'page', 'page', 'page', 'end'], $steps);
        $this->assertCount(1, array_unique(array_column(array_column($this->payymo->bodies('push'), 'full'), 'id')));
        $told = array_merge(...array_column($this->payymo->bodies('push'), 'invoices'));
        $this->assertCount(451, array_unique(array_column($told, 'id')));
        $this->assertContains('2020-01-01', array_column($told, 'date'));
        $this->assertSame('', $this->services->settings()->get('full_id'));
    }

    public function testAFullPushThatPayymoDropsBeginsAnew(): void
    {
        Database::invoice('1.00');
        $this->payymo->state = ['wanted' => ['full' => true]];
        $this->payymo->meddle = function (string $call, array $answer): array {
            $bodies = $this->payymo->bodies('push');
            $page = $call === 'push' && end($bodies)['full']['step'] === 'page';
            return $page ? FakePayymo::error(409, 'Another full push has begun') : $answer;
        };
        $this->assertTrue($this->sync()['ok']);
        $this->payymo->meddle = null;
        $this->payymo->state = [];
        $this->sync();
        $steps = array_column(array_column($this->payymo->bodies('push'), 'full'), 'step');
        $this->assertSame(['begin', 'page', 'begin', 'page', 'end'], $steps);
        $this->assertSame('', $this->services->settings()->get('stopped_reason'));
    }

    public function testLargeInvoicesAreSplitOverBodies(): void
    {
        for ($number = 0; $number < 4; $number++) {
            $id = Database::invoice('1.00');
            $line = ['invoiceid' => $id, 'type' => 'Item', 'description' => str_repeat('ß', 490), 'amount' => '0.00'];
            Capsule::table('tblinvoiceitems')->insert(array_fill(0, 500, $line));
            $this->services->queue()->note(Queue::INVOICE, $id);
        }
        $this->sync();
        $this->assertGreaterThan(1, count($this->payymo->bodies('push')));
        foreach ($this->transport->sent as $sent) {
            $this->assertLessThan(1048576, strlen($sent['body']));
        }
        $this->assertCount(4, array_merge(...array_column($this->payymo->bodies('push'), 'invoices')));
    }

    public function testMergedClientsTellTheirInvoicesAgain(): void
    {
        $id = Database::invoice('1.00');
        FakeWhmcs::fire('AfterClientMerge', ['toUserID' => 1, 'fromUserID' => 99]);
        $this->sync();
        $body = $this->payymo->bodies('push')[0];
        $this->assertSame([(string) $id], array_column($body['invoices'], 'id'));
        $this->assertSame(['1'], array_column($body['clients'], 'id'));
    }

    public function testTooManyChangesBecomeAFullPush(): void
    {
        $id = Database::invoice('1.00');
        $this->services->settings()->set('full_id', str_repeat('a', 32));
        $this->services->settings()->set('full_after', (string) $id);
        foreach (range(1, 21) as $part) {
            Capsule::table('mod_payymo_queue')->insert(array_map(static function (int $ref): array {
                return ['kind' => 'invoice', 'ref' => $ref, 'noted_at' => 1];
            }, range(1, 1000)));
        }
        $this->sync();
        $bodies = $this->payymo->bodies('push');
        $this->assertSame(['begin', 'page', 'end'], array_column(array_column($bodies, 'full'), 'step'));
        $this->assertSame([(string) $id], array_column($bodies[1]['invoices'], 'id'));
        $this->assertSame(0, $this->services->queue()->size());
    }

    public function testUnprovenBooksNothing(): void
    {
        $id = Database::invoice('100.00');
        $this->payymo->state = ['verified' => false];
        $this->payymo->offers = [$this->offer($id, '100.00')];
        $this->sync();
        $this->assertSame(0, FakeWhmcs::count('AddInvoicePayment'));
        $this->assertNotContains('work', $this->calls());
    }

    public function testAReportThatWasLostIsSentFirstNextTime(): void
    {
        $id = Database::invoice('100.00');
        $this->payymo->offers = [$this->offer($id, '100.00')];
        $this->payymo->meddle = static function (string $call, array $answer): array {
            return $call === 'results' ? ['status' => 504, 'headers' => [], 'body' => ''] : $answer;
        };
        $this->assertFalse($this->sync()['ok']);
        $this->payymo->meddle = null;
        $this->payymo->taken = [];
        $this->sync();
        $this->assertSame(['state', 'results'], array_slice($this->calls(), 0, 2));
        $this->assertSame(1, FakeWhmcs::count('AddInvoicePayment'));
    }

    /** @dataProvider refusedCalls */
    public function testWhatPayymoCannotReadBlocksNoPayment(string $refused): void
    {
        $id = Database::invoice('100.00');
        $this->services->queue()->note(Queue::INVOICE, $id);
        $this->payymo->offers = [$this->offer($id, '100.00')];
        $this->payymo->meddle = static function (string $call, array $answer) use ($refused): array {
            return $call === $refused ? FakePayymo::error(400, 'Has a field that is none') : $answer;
        };
        $this->assertTrue($this->sync()['ok']);
        $this->assertSame('Paid', $this->statusOf($id));
        $this->assertStringContainsString('a field that is none', Pages::get($this->services));
        $this->assertSame([], Payments::unreported(5));
    }

    public function refusedCalls(): array
    {
        return [['push'], ['results']];
    }

    public function testAnOfferThatCannotBeReadIsRefusedAndTheRestGoesOn(): void
    {
        $id = Database::invoice('100.00');
        $this->payymo->offers = [
            $this->offer($id, '1,50', ['transid' => 'PYM-X', 'payment_id' => 'pay_01jrfzq4v8m2k9d7t5x3w1c0zz']),
            'nonsense',
            $this->offer($id, '100.00'),
        ];
        $this->sync();
        $results = array_merge(...array_column($this->payymo->bodies('results'), 'results'));
        $this->assertSame(['refused', 'applied'], array_column($results, 'outcome'));
        $this->assertSame('not_understood', $results[0]['code']);
    }

    public function testABookingThatBreaksOffStopsNoOther(): void
    {
        $one = Database::invoice('10.00');
        $two = Database::invoice('20.00');
        $this->payymo->offers = [
            $this->offer($one, '10.00', ['transid' => 'PYM-ONE', 'payment_id' => 'pay_01jrfzq4v8m2k9d7t5x3w1c0z1']),
            $this->offer($two, '20.00', ['transid' => 'PYM-TWO']),
        ];
        FakeWhmcs::$answers['GetInvoice'] = static function (array $values) use ($one) {
            if ($values['invoiceid'] === $one) {
                Capsule::table('no_such_table')->count();
            }
            return FakeWhmcs::usual('GetInvoice', $values);
        };
        $this->sync();
        $this->assertSame('Paid', $this->statusOf($two));
        $this->assertCount(0, $this->ledger('PYM-ONE'));
    }

    public function testTimeEndsARun(): void
    {
        foreach (range(1, 12) as $number) {
            $id = Database::invoice('10.00');
            $this->payymo->offers[] = $this->offer($id, '10.00', ['transid' => 'PYM-' . $number]);
        }
        FakeWhmcs::$answers['AddInvoicePayment'] = function (array $values) {
            $this->clock->turn(8);
            return FakeWhmcs::usual('AddInvoicePayment', $values);
        };
        $result = $this->sync(40);
        $this->assertTrue($result['ok']);
        // Whatever was fetched was booked, and the rest was left with Payymo.
        $this->assertSame(12 - count($this->payymo->offers), FakeWhmcs::count('AddInvoicePayment'));
        $this->assertGreaterThan(0, count($this->payymo->offers));
        $this->assertLessThanOrEqual(56, $this->clock->elapsed);
    }

    public function testARunStaysBelowTheCallsPayymoTakes(): void
    {
        foreach (range(1, 400) as $number) {
            $id = Database::invoice('10.00');
            $this->payymo->offers[] = $this->offer($id, '10.00', ['transid' => 'PYM-' . $number]);
        }
        FakeWhmcs::$answers['AddInvoicePayment'] = function (array $values) {
            $this->clock->elapsed += 0.9;
            return FakeWhmcs::usual('AddInvoicePayment', $values);
        };
        $this->sync(3000);
        $this->assertLessThanOrEqual(60, count($this->payymo->taken));
    }

    public function testOneRunAtATime(): void
    {
        $other = new RowLocks($this->clock);
        $other->acquire('run', 300);
        $this->assertSame('busy', $this->sync()['reason']);
        $this->assertSame([], $this->payymo->taken);
        // The other has died.
        $this->clock->turn(300);
        $this->assertTrue($this->sync()['ok']);
    }

    public function testAWrongSecretStopsTheCronButForATryAnHour(): void
    {
        $this->payymo->secret = 'whsec_' . str_repeat('x', 40);
        FakeWhmcs::fire('AfterCronJob');
        $this->assertCount(1, $this->transport->sent);
        $this->clock->turn(300);
        FakeWhmcs::fire('AfterCronJob');
        $this->assertCount(1, $this->transport->sent);
        $this->assertStringContainsString('must be connected anew', Pages::get($this->services));
        $this->clock->turn(3600);
        $this->payymo->secret = FakePayymo::SECRET;
        FakeWhmcs::fire('AfterCronJob');
        $this->assertSame('', $this->services->settings()->get('stopped_reason'));
        $this->assertStringNotContainsString('must be connected anew', Pages::get($this->services));
    }

    public function testADownPayymoIsTriedAtEachRun(): void
    {
        $this->transport->down = true;
        FakeWhmcs::fire('AfterCronJob');
        FakeWhmcs::fire('AfterCronJob');
        $this->assertCount(2, $this->transport->sent);
        $this->assertStringContainsString('could not be reached', Pages::get($this->services));
    }

    public function testTheServersClockDecidesAboutLeases(): void
    {
        $id = Database::invoice('100.00');
        $this->payymo->now = function (): int {
            return $this->clock->now + 250;
        };
        // For us it would last 280 s, but by the clock that gave it only 30 are left.
        $this->payymo->offers = [
            $this->offer($id, '100.00', ['leased_until' => gmdate('Y-m-d\TH:i:s\Z', $this->clock->now + 279)]),
        ];
        $this->sync();
        $this->assertSame(0, FakeWhmcs::count('AddInvoicePayment'));
    }
}
