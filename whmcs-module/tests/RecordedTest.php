<?php

namespace Payymo\Tests;

use WHMCS\Database\Capsule;
use WHMCS\Module\Addon\Payymo\Booking\Ending;
use WHMCS\Module\Addon\Payymo\Booking\Order;
use WHMCS\Module\Addon\Payymo\Booking\Payments;

/** Card payments: a gateway records them by itself, under ids that Payymo hands over. */
final class RecordedTest extends ModuleTestCase
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

    private function recorded(int $invoiceId, string $transid, string $amount): void
    {
        $out = $amount[0] === '-';
        Capsule::table('tblaccounts')->insert([
            'userid' => 1,
            'gateway' => 'stripe',
            'date' => '2026-11-20 10:00:00',
            'description' => 'Invoice Payment',
            'amountin' => $out ? '0.00' : $amount,
            'fees' => '0.00',
            'amountout' => $out ? substr($amount, 1) : '0.00',
            'transid' => $transid,
            'invoiceid' => $invoiceId,
        ]);
    }

    /** @return array<string, array{string, bool}> what a gateway wrote as its id, and whether it is this payment */
    public function gatewayIds(): array
    {
        return [
            'the charge' => ['ch_3PqLkq2eZvKYlo2C', true],
            'the purchase' => ['pi_3PqLkq2eZvKYlo2C0', true],
            'both' => ['pi_3PqLkq2eZvKYlo2C0, ch_3PqLkq2eZvKYlo2C', true],
            'beside a number' => ['INV-7/ch_3PqLkq2eZvKYlo2C', true],
            'in other letters' => ['CH_3pqlkq2ezvkylo2c', false],
            'another charge' => ['ch_3PqLkq2eZvKYlo2C_1', false],
            'nothing' => ['', false],
        ];
    }

    /** @dataProvider gatewayIds */
    public function testWhatAGatewayHasRecordedIsNotBookedOnceMore(string $transid, bool $same): void
    {
        $id = Database::invoice('100.00');
        $this->recorded($id, $transid, '40.00');
        $known = ['also_known_as' => ['ch_3PqLkq2eZvKYlo2C', 'pi_3PqLkq2eZvKYlo2C0']];
        $ending = $this->book($this->offer($id, '40.00', $known));
        $this->assertSame($same ? 'refused' : 'applied', $ending->outcome);
        $this->assertSame($same ? 0 : 1, FakeWhmcs::count('AddInvoicePayment'));
        if ($same) {
            $this->assertSame('recorded_by_gateway', $ending->code);
            $this->assertSame($transid, $this->reported()['transactions'][0]['transid']);
        }
    }

    public function testAGatewayMayHaveRecordedItOnAnotherInvoice(): void
    {
        $id = Database::invoice('100.00');
        $other = Database::invoice('100.00');
        $this->recorded($other, 'ch_3PqLkq2eZvKYlo2C', '100.00');
        $ending = $this->book($this->offer($id, '100.00', ['also_known_as' => ['ch_3PqLkq2eZvKYlo2C']]));
        $this->assertSame('recorded_by_gateway', $ending->code);
        $this->assertSame((string) $other, $this->reported()['transactions'][0]['invoice_id']);
    }

    public function testMoneyThatAGatewayGaveBackIsNoPayment(): void
    {
        $id = Database::invoice('100.00');
        $this->recorded($id, 'ch_3PqLkq2eZvKYlo2C', '-40.00');
        $known = ['also_known_as' => ['ch_3PqLkq2eZvKYlo2C']];
        $this->assertSame('applied', $this->book($this->offer($id, '40.00', $known))->outcome);
    }

    public function testRecordedAfterASendWithoutAnEndAPersonLooks(): void
    {
        $id = Database::invoice('100.00');
        $known = ['also_known_as' => ['ch_3PqLkq2eZvKYlo2C']];
        FakeWhmcs::$answers['AddInvoicePayment'] = static function (): array {
            return [];
        };
        $this->assertSame('unknown', $this->book($this->offer($id, '40.00', $known))->outcome);
        $this->recorded($id, 'ch_3PqLkq2eZvKYlo2C', '40.00');
        $this->clock->turn(200);
        $this->assertSame('conflict', $this->book($this->offer($id, '40.00', $known + ['fence' => 2]))->outcome);
    }

    /**
     * @dataProvider wrongIds
     * @param mixed $ids
     */
    public function testIdsThatCannotBeReadAreNotLeftOut($ids): void
    {
        $this->expectExceptionMessage('also_known_as');
        Order::read($this->offer(1, '10.00', ['also_known_as' => $ids]));
    }

    /** @return array<string, array{mixed}> */
    public function wrongIds(): array
    {
        return ['a text' => ['ch_1'], 'an empty one' => [['']], 'a list in it' => [[['ch_1']]], 'blanks' => [['ch_1 ']]];
    }
}
