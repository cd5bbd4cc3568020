<?php

namespace Payymo\Tests;

use PHPUnit\Framework\TestCase;
use WHMCS\Module\Addon\Payymo\Remote\Signature;

final class SignatureTest extends TestCase
{
    private const NOW = 1795680000;
    private const BODY = '{"name":"O\'Neil & Söhne","amount":"15.95"}';

    public function testTheHeaderIsHmacOverTimeAndRawBody(): void
    {
        $expected = hash_hmac('sha256', self::NOW . '.' . self::BODY, 'whsec_key');
        $this->assertSame('t=' . self::NOW . ',v1=' . $expected, Signature::header('whsec_key', self::NOW, self::BODY));
    }

    /** @dataProvider offsets */
    public function testTheClockMayBeFiveMinutesOff(int $offset, ?string $fault): void
    {
        $header = Signature::header('whsec_key', self::NOW + $offset, self::BODY);
        $this->assertSame($fault, Signature::fault($header, 'whsec_key', self::NOW, self::BODY));
    }

    public function offsets(): array
    {
        return [[0, null], [300, null], [-300, null], [301, 'clock_skew'], [-301, 'clock_skew']];
    }

    /** @dataProvider damaged */
    public function testAnythingElseIsRefused(string $header, string $secret, string $body): void
    {
        $this->assertSame('bad_signature', Signature::fault($header, $secret, self::NOW, $body));
    }

    public function damaged(): array
    {
        $good = Signature::header('whsec_key', self::NOW, self::BODY);
        $hash = substr($good, -64);
        return [
            'wrong key' => [$good, 'whsec_other', self::BODY],
            'entity-damaged body' => [$good, 'whsec_key', htmlspecialchars(self::BODY, ENT_QUOTES)],
            'written again with other spaces' => [$good, 'whsec_key', json_encode(json_decode(self::BODY), JSON_PRETTY_PRINT)],
            'no header' => ['', 'whsec_key', self::BODY],
            'no time' => ['v1=' . $hash, 'whsec_key', self::BODY],
            'another time' => ['t=' . (self::NOW + 1) . ',v1=' . $hash, 'whsec_key', self::BODY],
            'no hash' => ['t=' . self::NOW, 'whsec_key', self::BODY],
            'half a hash' => ['t=' . self::NOW . ',v1=' . substr($hash, 0, 32), 'whsec_key', self::BODY],
            'time with letters' => ['t=' . self::NOW . 'x,v1=' . $hash, 'whsec_key', self::BODY],
            'time with a line end' => ['t=' . self::NOW . "\n,v1=" . hash_hmac('sha256', 'x', 'k'), 'whsec_key', self::BODY],
        ];
    }

    public function testEitherOfTwoSignaturesCounts(): void
    {
        $hash = hash_hmac('sha256', self::NOW . '.' . self::BODY, 'whsec_new');
        $header = 't=' . self::NOW . ',v1=' . str_repeat('0', 64) . ',v1=' . $hash;
        $this->assertNull(Signature::fault($header, 'whsec_new', self::NOW, self::BODY));
    }
}
