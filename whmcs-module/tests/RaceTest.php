<?php

namespace Payymo\Tests;

use WHMCS\Database\Capsule;
use WHMCS\Module\Addon\Payymo\Locks\MysqlLocks;
use WHMCS\Module\Addon\Payymo\Locks\RowLocks;

/** Several real processes on one database: what happens to a payment when they meet, or die in its middle. */
final class RaceTest extends ModuleTestCase
{
    /** @var string */
    private $file;

    protected function setUp(): void
    {
        parent::setUp();
        $this->file = (string) tempnam(sys_get_temp_dir(), 'payymo-race');
        Database::open($this->file);
        Database::fresh();
        payymo_activate();
    }

    protected function tearDown(): void
    {
        Database::open();
        foreach (glob($this->file . '*') ?: [] as $file) {
            unlink($file);
        }
    }

    private function start(array $offer, array $env = [], int $later = 0): array
    {
        return Processes::start([__DIR__ . '/support/book.php', $this->file, json_encode($offer), (string) $later], $env);
    }

    public function testTwoProcessesAtOnceBookOnce(): void
    {
        foreach (range(1, 5) as $round) {
            $id = Database::invoice('100.00');
            $offer = $this->offer($id, '60.00', ['transid' => 'PYM-RACE' . $round]);
            $env = ['PAYYMO_START' => (string) (microtime(true) + 0.4), 'PAYYMO_SLOW_MS' => '60'];
            $both = [$this->start($offer, $env), $this->start($offer, $env)];
            $ends = array_map([Processes::class, 'finish'], $both);
            $this->assertCount(1, $this->ledger('PYM-RACE' . $round), implode(' | ', $ends));
            $this->assertContains('applied ', $ends);
            $this->assertEmpty(array_diff($ends, ['applied ', 'nothing']), implode(' | ', $ends));
        }
    }

    public function testTwoPaymentsOfOneInvoiceAtOnceDoNotOverpayIt(): void
    {
        foreach (range(1, 3) as $round) {
            $id = Database::invoice('100.00');
            $env = ['PAYYMO_START' => (string) (microtime(true) + 0.4), 'PAYYMO_SLOW_MS' => '60'];
            $both = [
                $this->start($this->offer($id, '60.00', ['transid' => 'PYM-A' . $round]), $env),
                $this->start($this->offer($id, '60.00', ['transid' => 'PYM-B' . $round]), $env),
            ];
            $ends = array_map([Processes::class, 'finish'], $both);
            $this->assertSame(1, Capsule::table('tblaccounts')->where('invoiceid', $id)->count(), implode(' | ', $ends));
        }
        $this->assertSame(0, Capsule::table('tblcredit')->count());
    }

    /** @dataProvider crashes */
    public function testAProcessThatDiesInTheMiddleLeavesOnePayment(string $point, string $soonAfter): void
    {
        $id = Database::invoice('100.00');
        $offer = $this->offer($id, '100.00');
        $this->assertSame('', Processes::finish($this->start($offer, ['PAYYMO_DIE' => $point])));

        // Its locks are still there for a while: nobody touches the payment.
        $this->assertSame('nothing', Processes::finish($this->start(['fence' => 2] + $offer, [], 60)));
        $later = ['fence' => 3, 'leased_until' => '2030-01-01T00:00:00Z'] + $offer;
        $this->assertSame($soonAfter, Processes::finish($this->start($later, [], 600)));
        $this->assertSame('applied ', Processes::finish($this->start(['fence' => 4] + $later, [], 1300)));
        $this->assertCount(1, $this->ledger());
    }

    public function crashes(): array
    {
        return [
            'before WHMCS wrote' => ['before', 'applied '],
            'after WHMCS wrote' => ['after', 'applied '],
        ];
    }

    /**
     * Rows cannot tell a process that sleeps from one that died; the connection to MySQL can.
     *
     * @group mysql
     */
    public function testAProcessThatSleepsLongerThanItsRowsKeepsOthersOut(): void
    {
        if (!Database::isMysql()) {
            $this->markTestSkipped('needs MySQL or MariaDB: set PAYYMO_TEST_MYSQL');
        }
        $id = Database::invoice('100.00');
        $offer = ['leased_until' => '2030-01-01T00:00:00Z'] + $this->offer($id, '100.00');
        $sleeper = $this->start($offer, ['PAYYMO_SLOW_MS' => '3000']);
        for ($tries = 0; $tries < 200 && Capsule::table('mod_payymo_payments')->where('state', 'sending')->count() === 0; $tries++) {
            usleep(10000);
        }
        $this->assertSame('nothing', Processes::finish($this->start(['fence' => 2] + $offer, [], 700)));
        $this->assertSame('applied ', Processes::finish($sleeper));
        $this->assertCount(1, $this->ledger());
    }

    public function testRowLocksExcludeAndExpire(): void
    {
        $this->lockRules(new RowLocks($this->clock), new RowLocks($this->clock));
    }

    /** @group mysql */
    public function testMysqlLocksFollowTheSameRules(): void
    {
        if (!Database::isMysql()) {
            $this->markTestSkipped('needs MySQL or MariaDB: set PAYYMO_TEST_MYSQL');
        }
        $this->lockRules(new MysqlLocks(new RowLocks($this->clock)), new MysqlLocks(new RowLocks($this->clock)));
        // The same connection may take GET_LOCK twice; another connection may not.
        $locks = new MysqlLocks(new RowLocks($this->clock));
        $this->assertTrue($locks->acquire('invoice-1', 60));
        $this->clock->turn(61);
        $mine = Capsule::connection();
        Database::open(':memory:', false);
        $this->assertFalse((new MysqlLocks(new RowLocks($this->clock)))->acquire('invoice-1', 60), 'held by a connection that lives');
        $mine->disconnect();
        $taken = false;
        for ($tries = 0; $tries < 100 && !$taken; $tries++) {
            $taken = (new MysqlLocks(new RowLocks($this->clock)))->acquire('invoice-1', 60);
            $taken || usleep(20000);
        }
        $this->assertTrue($taken, 'free once the connection is gone and the row has expired');
    }

    private function lockRules($one, $two): void
    {
        $this->assertTrue($one->acquire('a', 60));
        $this->assertFalse($two->acquire('a', 60));
        $this->assertTrue($two->acquire('b', 60));
        $two->release('a');
        $two->release('b');
        $this->assertTrue($one->holds('a'));
        $this->assertFalse($two->holds('a'));
        $this->assertFalse($two->extend('a', 60));
        $this->clock->turn(30);
        $this->assertTrue($one->extend('a', 60));
        $this->clock->turn(59);
        $this->assertTrue($one->holds('a'));
        $this->clock->turn(1);
        $this->assertFalse($one->holds('a'));
        $this->assertFalse($one->extend('a', 60));
        $one->release('a');
        $this->assertTrue($two->acquire('a', 60));
        $two->release('a');
    }
}
