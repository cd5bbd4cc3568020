<?php

namespace Payymo\Tests;

use WHMCS\Database\Capsule;
use WHMCS\Module\Addon\Payymo\Booking\Ending;
use WHMCS\Module\Addon\Payymo\Booking\Order;
use WHMCS\Module\Addon\Payymo\Booking\Payments;
use WHMCS\Module\Addon\Payymo\Locks\RowLocks;

final class BookingTest extends ModuleTestCase
{
    private function book(array $offer): ?Ending
    {
        return $this->services->booker()->carryOut(Order::read($offer));
    }

    private function reported(): array
    {
        $rows = Payments::unreported(10);
        $this->assertCount(1, $rows);
        return json_decode($rows[0]->report, true);
    }

    public function testBooksWithGatewayAmountAndDay(): void
    {
        $id = Database::invoice('100.00');
        $this->assertSame('applied', $this->book($this->offer($id, '100.00'))->outcome);
        $this->assertSame('Paid', $this->statusOf($id));
        [, $values] = FakeWhmcs::$calls[array_search('AddInvoicePayment', array_column(FakeWhmcs::$calls, 0), true)];
        $this->assertSame([
            'invoiceid' => $id,
            'transid' => 'PYM-ABCDEFGHIJKLMNOPQRSTUVWXY2',
            'gateway' => 'banktransfer',
            'date' => '2026-11-20 00:00:00',
            'amount' => '100.00',
        ], $values);
        $report = $this->reported();
        $this->assertSame('applied', $report['outcome']);
        $this->assertSame('Paid', $report['invoice']['status']);
        $this->assertSame('100.00', $report['transactions'][0]['amount_in']);
    }

    public function testFeesAndNoEmailAreHandedOn(): void
    {
        $id = Database::invoice('100.00');
        $this->book($this->offer($id, '40.00', ['fees' => '0.35', 'no_email' => true]));
        $values = FakeWhmcs::$calls[1][1];
        $this->assertSame('0.35', $values['fees']);
        $this->assertTrue($values['noemail']);
        $this->assertSame('Unpaid', $this->statusOf($id));
    }

    public function testOfferedTwiceItIsBookedOnce(): void
    {
        $id = Database::invoice('100.00');
        $this->assertSame('applied', $this->book($this->offer($id, '60.00'))->outcome);
        $this->assertSame('applied', $this->book($this->offer($id, '60.00', ['fence' => 2]))->outcome);
        $this->assertCount(1, $this->ledger());
        $this->assertSame(1, FakeWhmcs::count('AddInvoicePayment'));
        $this->assertSame(2, $this->reported()['fence']);
    }

    public function testAnOlderFenceDoesNothing(): void
    {
        $id = Database::invoice('100.00');
        $this->book($this->offer($id, '60.00', ['fence' => 5]));
        $this->assertNull($this->book($this->offer($id, '60.00', ['fence' => 4])));
        $this->assertSame(5, $this->reported()['fence']);
    }

    public function testWhatIsThereAlreadyIsApplied(): void
    {
        $id = Database::invoice('100.00');
        FakeWhmcs::usual('AddInvoicePayment', [
            'invoiceid' => $id,
            'transid' => 'PYM-ABCDEFGHIJKLMNOPQRSTUVWXY2',
            'gateway' => 'banktransfer',
            'date' => '2026-11-20',
            'amount' => '100.00',
        ]);
        $this->assertSame('applied', $this->book($this->offer($id, '100.00'))->outcome);
        $this->assertSame(0, FakeWhmcs::count('AddInvoicePayment'));
    }

    public function testAnotherAmountUnderTheIdIsAConflict(): void
    {
        $id = Database::invoice('100.00');
        $this->book($this->offer($id, '30.00'));
        $ending = $this->book($this->offer($id, '31.00'));
        $this->assertSame(['conflict', 'booked_otherwise'], [$ending->outcome, $ending->code]);
        $this->assertCount(1, $this->ledger());
    }

    public function testTwoRowsUnderTheIdAreAConflict(): void
    {
        $id = Database::invoice('100.00');
        $this->book($this->offer($id, '30.00'));
        Capsule::table('tblaccounts')->insert(['description' => ''] + array_diff_key((array) $this->ledger()[0], ['id' => 0]));
        $ending = $this->book($this->offer($id, '30.00'));
        $this->assertSame(['conflict', 'booked_twice'], [$ending->outcome, $ending->code]);
    }

    public function testIdsAreComparedExactly(): void
    {
        $id = Database::invoice('100.00');
        Capsule::table('tblaccounts')->insert([
            'userid' => 1,
            'gateway' => 'banktransfer',
            'date' => '2026-11-20',
            'description' => '',
            'amountin' => '100.00',
            'transid' => 'pym-abcdefghijklmnopqrstuvwxy2',
            'invoiceid' => Database::invoice('5.00'),
        ]);
        $this->assertSame('applied', $this->book($this->offer($id, '100.00'))->outcome);
        $this->assertSame(1, FakeWhmcs::count('AddInvoicePayment'));
    }

    /** @dataProvider faults */
    public function testRefusesWhatTheInvoiceDoesNotTake(string $code, array $invoice, array $offer): void
    {
        $id = Database::invoice('100.00', $invoice);
        $ending = $this->book($this->offer($id, '100.00', $offer));
        $this->assertSame(['refused', $code], [$ending->outcome, $ending->code]);
        $this->assertNotSame('', $ending->words);
        $this->assertSame(0, FakeWhmcs::count('AddInvoicePayment'));
        $this->assertSame('refused', $this->reported()['outcome']);
    }

    public function faults(): array
    {
        return [
            'paid' => ['already_paid', ['status' => 'Paid'], []],
            'paid, even with a surplus allowed' => ['already_paid', ['status' => 'Paid'], ['surplus' => true]],
            'draft' => ['not_payable', ['status' => 'Draft'], []],
            'cancelled' => ['not_payable', ['status' => 'Cancelled'], []],
            'pending' => ['not_payable', ['status' => 'Payment Pending'], []],
            'collections' => ['not_payable', ['status' => 'Collections'], []],
            'more than the balance' => ['balance_too_small', [], ['amount' => '100.01']],
            'another currency' => ['currency_differs', [], ['currency' => 'USD']],
            'gone' => ['invoice_missing', [], ['invoice_id' => '999999']],
            'three decimals' => ['amount_not_representable', [], ['amount' => '1.005']],
            'three decimals of the fee' => ['fee_not_representable', [], ['fees' => '0.305']],
            'less open than is to be settled' =>
                ['balance_too_small', [], ['amount' => '130.00', 'surplus' => true, 'surplus_amount' => '29.99']],
            'more open than is to be settled' =>
                ['balance_grown', [], ['amount' => '130.00', 'surplus' => true, 'surplus_amount' => '30.01']],
            'more open than the whole payment' =>
                ['balance_grown', [], ['amount' => '90.00', 'surplus' => true, 'surplus_amount' => '10.00']],
            'a surplus that is not allowed' =>
                ['balance_too_small', [], ['amount' => '130.00', 'surplus' => false, 'surplus_amount' => '30.00']],
        ];
    }

    public function testSurplusBecomesCreditWhereAllowed(): void
    {
        $id = Database::invoice('100.00');
        $this->assertSame('applied', $this->book($this->offer($id, '130.00', ['surplus' => true]))->outcome);
        $this->assertSame('30.00', Payments::under('PYM-ABCDEFGHIJKLMNOPQRSTUVWXY2')->surplus);
        $this->assertSame('30.00', Capsule::table('tblclients')->value('credit'));
    }

    public function testTheSurplusIsExactlyWhatWasDecided(): void
    {
        $id = Database::invoice('100.00');
        $offer = $this->offer($id, '130.00', ['surplus' => true, 'surplus_amount' => '30.00']);
        $this->assertSame('applied', $this->book($offer)->outcome);
        $this->assertSame('applied', $this->book(['fence' => 2] + $offer)->outcome);
        $this->assertSame(1, FakeWhmcs::count('AddInvoicePayment'));
        $this->assertSame('Paid', $this->statusOf($id));
        $this->assertSame('130.00', $this->ledger()[0]->amountin);
        $this->assertSame('30.00', Payments::under('PYM-ABCDEFGHIJKLMNOPQRSTUVWXY2')->surplus);
        $this->assertSame('30.00', Capsule::table('tblclients')->value('credit'));
    }

    /** @dataProvider nonsense */
    public function testASurplusThatIsNoPartOfTheAmountIsNotUnderstood(string $amount): void
    {
        $this->expectExceptionMessage('surplus_amount');
        Order::read($this->offer(1, '130.00', ['surplus' => true, 'surplus_amount' => $amount]));
    }

    public function nonsense(): array
    {
        return [['0.00'], ['-1.00'], ['130.00'], ['130.01']];
    }

    public function testWithoutASettingWhmcsIsToldNothingOfFeesAndMails(): void
    {
        $this->book($this->offer(Database::invoice('100.00'), '100.00', ['surplus_amount' => null]));
        $this->assertSame([], array_intersect(['fees', 'noemail'], array_keys(FakeWhmcs::$calls[1][1])));
    }

    public function testWhmcsRefusesInWords(): void
    {
        $id = Database::invoice('100.00');
        FakeWhmcs::$answers['AddInvoicePayment'] = static function (): array {
            return ['result' => 'error', 'message' => 'Gateway &quot;x&quot; is off'];
        };
        $ending = $this->book($this->offer($id, '100.00'));
        $this->assertSame(['refused', 'whmcs_refused', 'Gateway "x" is off'], [$ending->outcome, $ending->code, $ending->words]);
        unset(FakeWhmcs::$answers['AddInvoicePayment']);
        // Its end was seen: nothing needs to settle before the next.
        $this->assertSame('applied', $this->book($this->offer($id, '100.00', ['fence' => 2]))->outcome);
    }

    /** @dataProvider silences */
    public function testAnAnswerThatDoesNotSayIsUnknownAndSettlesFirst(callable $answer): void
    {
        $id = Database::invoice('100.00');
        FakeWhmcs::$answers['AddInvoicePayment'] = $answer;
        $ending = $this->book($this->offer($id, '100.00'));
        $this->assertSame(['unknown', 'no_clear_answer'], [$ending->outcome, $ending->code]);
        unset(FakeWhmcs::$answers['AddInvoicePayment']);

        $this->clock->turn(119);
        $ending = $this->book($this->offer($id, '100.00', ['fence' => 2]));
        $this->assertSame(['unknown', 'settling'], [$ending->outcome, $ending->code]);
        $this->assertSame(1, FakeWhmcs::count('AddInvoicePayment'));

        $this->clock->turn(1);
        $this->assertSame('applied', $this->book($this->offer($id, '100.00', ['fence' => 3]))->outcome);
        $this->assertCount(1, $this->ledger());
    }

    public function silences(): array
    {
        return [
            'throws' => [static function () {
                throw new \Error('provisioning module broke');
            }],
            'null' => [static function () {
                return null;
            }],
            'empty' => [static function () {
                return [];
            }],
            'text' => [static function () {
                return '<html>';
            }],
            'another word' => [static function () {
                return ['result' => 'maybe'];
            }],
        ];
    }

    /** @dataProvider endings */
    public function testBookedButAnsweredOtherwiseIsApplied(callable $ending): void
    {
        $id = Database::invoice('100.00');
        FakeWhmcs::$answers['AddInvoicePayment'] = static function (array $values) use ($ending) {
            FakeWhmcs::usual('AddInvoicePayment', $values);
            return $ending();
        };
        $this->assertSame('applied', $this->book($this->offer($id, '100.00'))->outcome);
    }

    public function endings(): array
    {
        return [
            'throws' => [static function () {
                throw new \RuntimeException('mail could not be sent');
            }],
            'error' => [static function () {
                return ['result' => 'error', 'message' => 'Mail failed'];
            }],
            'nothing' => [static function () {
                return null;
            }],
        ];
    }

    public function testAYesWithoutATraceIsNeverSentAgain(): void
    {
        $id = Database::invoice('100.00');
        FakeWhmcs::$answers['AddInvoicePayment'] = static function (): array {
            return ['result' => 'success'];
        };
        $this->assertSame('not_found_after_booking', $this->book($this->offer($id, '100.00'))->code);
        $this->clock->turn(86400);
        $ending = $this->book($this->offer($id, '100.00', ['fence' => 2]));
        $this->assertSame(['conflict', 'booked_unseen'], [$ending->outcome, $ending->code]);
        $this->assertSame(1, FakeWhmcs::count('AddInvoicePayment'));
    }

    public function testNothingIsSentWhenTheInvoiceCannotBeRead(): void
    {
        $id = Database::invoice('100.00');
        FakeWhmcs::$answers['GetInvoice'] = static function () {
            return null;
        };
        $ending = $this->book($this->offer($id, '100.00'));
        $this->assertSame(['unknown', 'look_up_failed'], [$ending->outcome, $ending->code]);
        unset(FakeWhmcs::$answers['GetInvoice']);
        $this->assertSame('applied', $this->book($this->offer($id, '100.00', ['fence' => 2]))->outcome);
    }

    public function testAfterAnUnclearSendAFaultGoesBeforeAPerson(): void
    {
        $id = Database::invoice('100.00');
        FakeWhmcs::$answers['AddInvoicePayment'] = static function () {
            return null;
        };
        $this->book($this->offer($id, '100.00'));
        Capsule::table('tblinvoices')->update(['status' => 'Paid']);
        $this->clock->turn(600);
        $ending = $this->book($this->offer($id, '100.00', ['fence' => 2]));
        $this->assertSame(['conflict', 'already_paid'], [$ending->outcome, $ending->code]);
    }

    public function testWhoHoldsTheInvoiceKeepsOthersOut(): void
    {
        $id = Database::invoice('100.00');
        $other = new RowLocks($this->clock);
        $this->assertTrue($other->acquire('invoice-' . $id, 600));
        $this->assertNull($this->book($this->offer($id, '100.00')));
        $this->assertSame([], Payments::unreported(10));
        $other->release('invoice-' . $id);
        $this->assertSame('applied', $this->book($this->offer($id, '100.00'))->outcome);
    }

    public function testWhoHoldsTheTransidKeepsOthersOutUntilItExpires(): void
    {
        $id = Database::invoice('100.00');
        $offer = $this->offer($id, '100.00');
        $this->assertNotNull((new Payments($this->clock))->claim(Order::read($offer)));
        $this->assertNull($this->book($offer));
        $this->clock->turn(600);
        $this->assertSame('applied', $this->book($this->offer($id, '100.00'))->outcome);
    }

    public function testALockLostBeforeTheSendForbidsIt(): void
    {
        $id = Database::invoice('100.00');
        FakeWhmcs::$answers['GetInvoice'] = static function (array $values) {
            Capsule::table('mod_payymo_locks')->delete();
            return FakeWhmcs::usual('GetInvoice', $values);
        };
        $this->assertNull($this->book($this->offer($id, '100.00')));
        $this->assertSame(0, FakeWhmcs::count('AddInvoicePayment'));
    }

    public function testALeaseThatEndsSoonForbidsIt(): void
    {
        $id = Database::invoice('100.00');
        $offer = $this->offer($id, '100.00');
        $this->clock->turn(871);
        $this->assertNull($this->book($offer));
        $this->assertSame(0, FakeWhmcs::count('AddInvoicePayment'));
        // The lease is on the server's clock: ten minutes behind ours, there is time.
        $this->assertSame('applied', $this->services->booker()->carryOut(Order::read($offer), -600)->outcome);
    }

    public function testLocksAreReleasedWhateverHappens(): void
    {
        $id = Database::invoice('100.00');
        $this->book($this->offer($id, '40.00'));
        $this->assertSame(0, Capsule::table('mod_payymo_locks')->count());
        $this->assertNull(Payments::under('PYM-ABCDEFGHIJKLMNOPQRSTUVWXY2')->owner);
    }

    /** @dataProvider unreadable */
    public function testOrdersThatCannotBeReadAreNotGuessed(array $change): void
    {
        $this->expectException(\InvalidArgumentException::class);
        Order::read($change + $this->offerWithoutWhmcs());
    }

    private function offerWithoutWhmcs(): array
    {
        $this->clock = new TurnedClock();
        return $this->offer(1, '1.00');
    }

    public function unreadable(): array
    {
        return [
            [['amount' => '0']],
            [['amount' => '-5.00']],
            [['amount' => '']],
            [['amount' => '1e3']],
            [['amount' => '1,00']],
            [['transid' => 'a&b']],
            [['transid' => "PYM-A\n"]],
            [['transid' => str_repeat('A', 65)]],
            [['invoice_id' => '0']],
            [['invoice_id' => '1 or 1=1']],
            [['gateway' => '../x']],
            [['date' => '2026-02-30']],
            [['action' => 'refund']],
            [['currency' => 'eur']],
            [['action' => 'undo']],
            [['fence' => null]],
        ];
    }
}
