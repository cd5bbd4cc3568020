<?php

namespace Payymo\Tests;

use WHMCS\Module\Addon\Payymo\Pairing;
use WHMCS\Module\Addon\Payymo\Remote\CallFailed;
use WHMCS\Module\Addon\Payymo\Remote\Client;
use WHMCS\Module\Addon\Payymo\Remote\PairingCode;

final class ClientTest extends ModuleTestCase
{
    private function client(): Client
    {
        return $this->services->client();
    }

    private function reasonOf(callable $do): string
    {
        try {
            $do();
        } catch (CallFailed $failure) {
            return $failure->reason();
        }
        return 'none';
    }

    public function testPairingSendsTheFactsAndKeepsTheSecretEncrypted(): void
    {
        (new Pairing($this->services))->connect("  " . FakePayymo::code(self::SERVER) . "\n");
        $body = $this->payymo->bodies('pair')[0];
        $this->assertSame('https://my.northbyte.example/billing', $body['system_url']);
        $this->assertSame('8.13.1-release.1', $body['whmcs_version']);
        $this->assertSame(PHP_VERSION, $body['php_version']);
        $this->assertSame('1.0.0', $body['module_version']);
        $this->assertSame(FakePayymo::SECRET, $this->services->settings()->secret());
        $this->assertSame(self::SERVER . '/module/pair', $this->transport->sent[0]['url']);
    }

    public function testACodeWorksOnceAndAFailureLeavesThePairingAsItWas(): void
    {
        $pairing = new Pairing($this->services);
        $pairing->connect(FakePayymo::code(self::SERVER));
        $this->assertSame('refused', $this->reasonOf(static function () use ($pairing): void {
            $pairing->connect(FakePayymo::code(self::SERVER));
        }));
        $this->assertSame(FakePayymo::SECRET, $this->services->settings()->secret());
    }

    /** @dataProvider impostors */
    public function testAnAnswerWithoutTheRightProofIsNotBelieved(array $change): void
    {
        $this->payymo->meddle = static function (string $call, array $answer) use ($change): array {
            return FakePayymo::json(200, $change + json_decode($answer['body'], true));
        };
        $this->assertSame('bad_answer', $this->reasonOf(function (): void {
            (new Pairing($this->services))->connect(FakePayymo::code(self::SERVER));
        }));
        $this->assertFalse($this->services->settings()->isPaired());
    }

    public function impostors(): array
    {
        return [
            'wrong proof' => [['proof' => str_repeat('a', 64)]],
            'no proof' => [['proof' => null]],
            'a list as proof' => [['proof' => ['a']]],
            'another secret' => [['secret' => 'whsec_' . str_repeat('b', 40)]],
            'no secret' => [['secret' => '']],
            'another installation' => [['instance_id' => 'whm_01jrfzq4v8m2k9d7t5x3w1c0zz']],
        ];
    }

    public function testTheAddressInTheCodeMustBeSafe(): void
    {
        foreach (['http://app.payymo.example', 'ftp://x', 'https://user:pass@x', 'javascript:alert(1)'] as $server) {
            $this->assertSame('bad_code', $this->reasonOf(static function () use ($server): void {
                PairingCode::read(FakePayymo::code($server));
            }), $server);
        }
        foreach (['', 'pyc_', 'pyc_!!!!', 'whsec_x', 'pyc_' . base64_encode(str_repeat('x', 40))] as $text) {
            $this->assertSame('bad_code', $this->reasonOf(static function () use ($text): void {
                PairingCode::read($text);
            }), $text);
        }
        $this->assertSame('http://127.0.0.1:3000', PairingCode::read(FakePayymo::code('http://127.0.0.1:3000/'))->server);
    }

    public function testACallIsSignedAndNamesItself(): void
    {
        $this->paired();
        $this->client()->call('work', ['limit' => 3]);
        $sent = $this->transport->sent[0];
        $this->assertStringStartsWith('{"call":"work","request_id":"', $sent['body']);
        $this->assertSame(self::SERVER . '/module/whmcs/' . FakePayymo::INSTANCE . '/work', $sent['url']);
        $this->assertSame(3, $this->payymo->bodies('work')[0]['limit']);
    }

    public function testEveryCallHasItsOwnRequestId(): void
    {
        $this->paired();
        $client = $this->client();
        $client->call('work', ['limit' => 1]);
        $client->call('work', ['limit' => 1]);
        $this->assertCount(2, $this->payymo->requestIds);
        // And the very same bytes again are refused.
        $again = $this->transport->sent[0];
        $answer = $this->transport->post($again['url'], $again['headers'], $again['body']);
        $this->assertStringContainsString('replayed', $answer['body']);
    }

    /** @dataProvider untrusted */
    public function testAnswersThatAreNotSignedForThisRequestAreNotUsed(string $reason, callable $meddle): void
    {
        $this->paired();
        $this->payymo->meddle = $meddle;
        $this->assertSame($reason, $this->reasonOf(function (): void {
            $this->client()->call('state', []);
        }));
    }

    public function untrusted(): array
    {
        return [
            'unsigned' => ['bad_answer', static function (string $call, array $answer): array {
                return ['headers' => []] + $answer;
            }],
            'changed' => ['bad_answer', static function (string $call, array $answer): array {
                return ['body' => str_replace('true', 'false', $answer['body'])] + $answer;
            }],
            'HTML with 200' => ['bad_answer', static function (): array {
                return ['status' => 200, 'headers' => [], 'body' => '<html>Login</html>'];
            }],
            'moved' => ['redirected', static function (): array {
                return ['status' => 301, 'headers' => ['location' => 'https://elsewhere.example'], 'body' => ''];
            }],
            'a proxy that is overloaded' => ['unavailable', static function (): array {
                return ['status' => 502, 'headers' => [], 'body' => '<html>Bad gateway</html>'];
            }],
            'a page of another program' => ['unavailable', static function (): array {
                return ['status' => 404, 'headers' => [], 'body' => '<html>Not found</html>'];
            }],
            'too many' => ['rate_limited', static function (): array {
                return FakePayymo::error(429, 'Too many calls');
            }],
            'disconnected' => ['not_found', static function (): array {
                return FakePayymo::error(404, 'Not found');
            }],
            'API mode' => ['conflict', static function (): array {
                return FakePayymo::error(409, 'Not in module mode');
            }],
            'another secret' => ['bad_signature', static function (): array {
                return FakePayymo::error(400, 'No', ['reason' => 'bad_signature']);
            }],
        ];
    }

    public function testAnOldAnswerOfPayymoIsNoAnswerToThisRequest(): void
    {
        $this->paired();
        $first = null;
        $this->payymo->meddle = static function (string $call, array $answer) use (&$first): array {
            $first = $first ?? $answer;
            return $first;
        };
        $this->client()->call('state', []);
        $this->assertSame('bad_answer', $this->reasonOf(function (): void {
            $this->client()->call('state', []);
        }));
    }

    public function testAWrongClockIsNamed(): void
    {
        $this->paired();
        $this->payymo->now = function (): int {
            return $this->clock->now - 1000;
        };
        try {
            $this->client()->call('state', []);
            $this->fail('taken');
        } catch (CallFailed $failure) {
            $this->assertSame('clock_skew', $failure->reason());
            $this->assertStringContainsString('1000 seconds', $failure->getMessage());
        }
    }

    public function testSecretsNeverReachTheModuleLog(): void
    {
        (new Pairing($this->services))->connect(FakePayymo::code(self::SERVER));
        $this->client()->call('state', ['echo' => FakePayymo::SECRET]);
        $this->assertNotSame([], FakeWhmcs::$moduleLog);
        foreach (FakeWhmcs::$moduleLog as $entry) {
            $this->assertNotSame([], $entry['replaceVars']);
            // As WHMCS does it.
            $written = json_encode([$entry['request'], $entry['response']], JSON_UNESCAPED_SLASHES);
            $shown = str_replace($entry['replaceVars'], '***', $written);
            $this->assertStringNotContainsString('c2VjcmV0LW9m', $shown);
            $this->assertStringNotContainsString(FakePayymo::code(self::SERVER), $shown);
            $this->assertStringNotContainsString(FakePayymo::TOKEN, $shown);
        }
    }

    public function testNothingIsCalledWithoutAReadableSecret(): void
    {
        $this->paired();
        FakeWhmcs::$encryptionHash = 'another';
        $this->assertSame('not_paired', $this->reasonOf(function (): void {
            $this->client()->call('state', []);
        }));
        $this->assertSame([], $this->transport->sent);
    }
}
