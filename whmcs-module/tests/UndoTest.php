<?php

namespace Payymo\Tests;

use WHMCS\Database\Capsule;
use WHMCS\Module\Addon\Payymo\Booking\Ending;
use WHMCS\Module\Addon\Payymo\Booking\Order;
use WHMCS\Module\Addon\Payymo\Booking\Payments;

final class UndoTest extends ModuleTestCase
{
    private const UNDO = 'PYM-UNDOUNDOUNDOUNDOUNDOUNDO22';

    private function booked(string $total, string $amount): int
    {
        $id = Database::invoice($total);
        $ending = $this->services->booker()->carryOut(Order::read($this->offer($id, $amount, ['surplus' => true])));
        $this->assertSame('applied', $ending->outcome);
        return $id;
    }

    private function undo(int $invoiceId, string $amount, array $more = []): ?Ending
    {
        $offer = $this->offer($invoiceId, $amount, $more + [
            'action' => 'undo',
            'payment_id' => 'pay_01jrfzq4v8m2k9d7t5x3w1c0ac',
            'transid' => self::UNDO,
            'undoes' => 'PYM-ABCDEFGHIJKLMNOPQRSTUVWXY2',
            'client_id' => '1',
        ]);
        return $this->services->booker()->carryOut(Order::read($offer));
    }

    public function testTakesBackAndOpensTheInvoice(): void
    {
        $id = $this->booked('100.00', '100.00');
        $ending = $this->undo($id, '100.00');
        $this->assertSame('applied', $ending->outcome);
        $this->assertSame([], $ending->left);
        $this->assertSame('Unpaid', $this->statusOf($id));
        $row = $this->ledger(self::UNDO)[0];
        $this->assertSame(['100.00', '20/11/2026'], [$row->amountout, $row->date]);
        $this->assertSame('100.00', $this->services->invoices()->one($id)['balance']);
    }

    public function testAPartPaymentLeavesTheInvoiceAsItIs(): void
    {
        $id = $this->booked('100.00', '40.00');
        $this->assertSame('applied', $this->undo($id, '40.00')->outcome);
        $this->assertSame(0, FakeWhmcs::count('UpdateInvoice'));
    }

    public function testSurplusComesBackFromCredit(): void
    {
        $id = $this->booked('100.00', '130.00');
        $this->assertSame([], $this->undo($id, '130.00')->left);
        $this->assertSame('0.00', Capsule::table('tblclients')->value('credit'));
    }

    public function testTheDecidedSurplusComesBackFromCredit(): void
    {
        $policy = ['surplus' => true, 'surplus_amount' => '30.00', 'no_email' => true];
        $id = Database::invoice('100.00');
        $ending = $this->services->booker()->carryOut(Order::read($this->offer($id, '130.00', $policy)));
        $this->assertSame('applied', $ending->outcome);
        $undone = $this->undo($id, '130.00', $policy);
        $this->assertSame(['applied', []], [$undone->outcome, $undone->left]);
        $this->assertSame(['0.00', 'Unpaid'], [Capsule::table('tblclients')->value('credit'), $this->statusOf($id)]);
    }

    public function testSpentCreditIsTold(): void
    {
        $id = $this->booked('100.00', '130.00');
        Capsule::table('tblclients')->update(['credit' => '12.00']);
        $ending = $this->undo($id, '130.00');
        $this->assertSame('applied', $ending->outcome);
        $this->assertSame(['Of the surplus 18.00 was spent by the client already.'], $ending->left);
        $this->assertSame('0.00', Capsule::table('tblclients')->value('credit'));
    }

    public function testTwiceIsOnceInEveryStep(): void
    {
        $id = $this->booked('100.00', '130.00');
        $this->undo($id, '130.00');
        Capsule::table('tblclients')->update(['credit' => '500.00']);
        $ending = $this->undo($id, '130.00', ['fence' => 2]);
        $this->assertSame('applied', $ending->outcome);
        $this->assertCount(1, $this->ledger(self::UNDO));
        $this->assertSame('500.00', Capsule::table('tblclients')->value('credit'));
        $this->assertSame(1, FakeWhmcs::count('AddCredit'));
        $this->assertSame(1, FakeWhmcs::count('UpdateInvoice'));
    }

    public function testBrokenOffAfterTheRowTheRestIsDoneLater(): void
    {
        $id = $this->booked('100.00', '130.00');
        FakeWhmcs::$answers['AddTransaction'] = static function (array $values) {
            FakeWhmcs::usual('AddTransaction', $values);
            // The process dies here; the exception below only ends this visit.
            FakeWhmcs::$answers['GetInvoice'] = static function () {
                throw new \Error('gone');
            };
            return ['result' => 'success'];
        };
        FakeWhmcs::$answers['AddCredit'] = static function () {
            return null;
        };
        $this->assertSame('not_finished', $this->undo($id, '130.00')->code);
        $this->assertCount(1, $this->ledger(self::UNDO));
        FakeWhmcs::$answers = [];
        $ending = $this->undo($id, '130.00', ['fence' => 2]);
        $this->assertSame('applied', $ending->outcome);
        $this->assertCount(1, $this->ledger(self::UNDO));
        $this->assertSame([], $ending->left);
        $this->assertSame('Unpaid', $this->statusOf($id));
        $this->assertSame('0.00', Capsule::table('tblclients')->value('credit'));
    }

    /** @dataProvider steps */
    public function testAStepWithoutAClearAnswerIsTriedAgain(string $action): void
    {
        $id = $this->booked('100.00', '130.00');
        FakeWhmcs::$answers[$action] = static function () {
            return null;
        };
        $this->assertSame('unknown', $this->undo($id, '130.00')->outcome);
        FakeWhmcs::$answers = [];
        $ending = $this->undo($id, '130.00', ['fence' => 2]);
        $this->assertSame(['applied', []], [$ending->outcome, $ending->left]);
        $this->assertSame('Unpaid', $this->statusOf($id));
        $this->assertSame('0.00', Capsule::table('tblclients')->value('credit'));
    }

    public function steps(): array
    {
        return [['UpdateInvoice'], ['AddCredit']];
    }

    public function testCreditThatWhmcsKeepsIsTold(): void
    {
        $id = $this->booked('100.00', '130.00');
        FakeWhmcs::$answers['AddCredit'] = static function (): array {
            return ['result' => 'error', 'message' => 'Admin ID Not Found'];
        };
        $this->assertStringContainsString('Admin ID Not Found', $this->undo($id, '130.00')->left[0]);
    }

    public function testAnInvoiceThatWhmcsKeepsPaidIsTold(): void
    {
        $id = $this->booked('100.00', '100.00');
        FakeWhmcs::$answers['UpdateInvoice'] = static function (): array {
            return ['result' => 'error', 'message' => 'This is a Paid Invoice. You cannot modify an Invoice that is Paid.'];
        };
        $ending = $this->undo($id, '100.00');
        $this->assertSame('applied', $ending->outcome);
        $this->assertStringContainsString('cannot modify', $ending->left[0]);
    }

    public function testAnotherPaymentKeepsTheInvoicePaid(): void
    {
        $id = $this->booked('100.00', '100.00');
        Capsule::table('tblaccounts')->insert([
            'userid' => 1,
            'gateway' => 'paypal',
            'date' => '2026-11-21',
            'description' => '',
            'amountin' => '100.00',
            'transid' => 'other',
            'invoiceid' => $id,
        ]);
        $this->undo($id, '100.00');
        $this->assertSame('Paid', $this->statusOf($id));
    }

    public function testAMassPaymentSaysWhatStays(): void
    {
        $id = $this->booked('100.00', '100.00');
        Capsule::table('tblinvoiceitems')->where('invoiceid', $id)->update(['type' => 'Invoice']);
        $this->assertStringContainsString('mass payment', $this->undo($id, '100.00')->left[0]);
    }

    public function testNothingToTakeBackIsRefused(): void
    {
        $id = Database::invoice('100.00');
        $ending = $this->undo($id, '100.00');
        $this->assertSame(['refused', 'nothing_to_undo'], [$ending->outcome, $ending->code]);
        $this->assertSame(0, FakeWhmcs::count('AddTransaction'));
    }

    public function testAnotherAmountThanBookedIsAConflict(): void
    {
        $id = $this->booked('100.00', '100.00');
        $this->assertSame('conflict', $this->undo($id, '90.00')->outcome);
        $this->assertSame([], $this->ledger(self::UNDO));
    }

    public function testWhmcsRefusesInWords(): void
    {
        $id = $this->booked('100.00', '100.00');
        FakeWhmcs::$answers['AddTransaction'] = static function (): array {
            return ['result' => 'error', 'message' => 'Payment Method is required'];
        };
        $ending = $this->undo($id, '100.00');
        $this->assertSame(['refused', 'Payment Method is required'], [$ending->outcome, $ending->words]);
        $this->assertSame('Paid', $this->statusOf($id));
    }

    public function testAnUnclearAnswerSettlesFirst(): void
    {
        $id = $this->booked('100.00', '100.00');
        FakeWhmcs::$answers['AddTransaction'] = static function () {
            return null;
        };
        $this->assertSame('no_clear_answer', $this->undo($id, '100.00')->code);
        FakeWhmcs::$answers = [];
        $this->assertSame('settling', $this->undo($id, '100.00', ['fence' => 2])->code);
        $this->clock->turn(120);
        $this->assertSame('applied', $this->undo($id, '100.00', ['fence' => 3])->outcome);
    }

    public function testAPaymentBookedBeforeTheModuleCameIsMeasuredByTheBalance(): void
    {
        $id = $this->booked('100.00', '130.00');
        Capsule::table('mod_payymo_payments')->delete();
        $this->assertSame([], $this->undo($id, '130.00')->left);
        $this->assertSame('30.00', Payments::under(self::UNDO)->surplus);
        $this->assertSame('0.00', Capsule::table('tblclients')->value('credit'));
    }

    public function testAnUnknownDateFormatLeavesTheDateOut(): void
    {
        Capsule::table('tblconfiguration')->where('setting', 'DateFormat')->update(['value' => 'strange']);
        $id = $this->booked('100.00', '100.00');
        $this->undo($id, '100.00');
        $this->assertSame('', $this->ledger(self::UNDO)[0]->date);
    }
}
