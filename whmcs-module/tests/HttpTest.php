<?php

namespace Payymo\Tests;

use WHMCS\Database\Capsule;
use WHMCS\Module\Addon\Payymo\Pairing;
use WHMCS\Module\Addon\Payymo\Remote\CallFailed;
use WHMCS\Module\Addon\Payymo\Remote\CurlTransport;
use WHMCS\Module\Addon\Payymo\Services;
use WHMCS\Module\Addon\Payymo\Sync;

/** The wire itself: our curl against a web server, and proof.php behind one. */
final class HttpTest extends ModuleTestCase
{
    /** @var array */
    private $server = [];

    /** @var string */
    private $folder;

    protected function setUp(): void
    {
        parent::setUp();
        $this->folder = sys_get_temp_dir() . '/payymo-http-' . bin2hex(random_bytes(6));
        mkdir($this->folder);
    }

    protected function tearDown(): void
    {
        if ($this->server !== []) {
            Processes::stop($this->server);
        }
        $this->remove($this->folder);
        Database::open();
    }

    private function remove(string $path): void
    {
        if (is_link($path) || is_file($path)) {
            unlink($path);
            return;
        }
        foreach (array_diff((array) scandir($path), ['.', '..']) as $name) {
            $this->remove($path . '/' . $name);
        }
        rmdir($path);
    }

    private function payymoServer(): string
    {
        $env = ['PAYYMO_FAKE_STATE' => $this->folder . '/state'];
        return Processes::serve([__DIR__ . '/support/router-payymo.php'], $env, $this->server);
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

    public function testPairingSyncingAndBookingOverHttp(): void
    {
        $server = $this->payymoServer();
        $services = new Services();
        (new Pairing($services))->connect(FakePayymo::code($server));
        $id = Database::invoice('100.00');
        $payymo = unserialize((string) file_get_contents($this->folder . '/state'));
        $payymo->offers = [$this->offer($id, '100.00', ['leased_until' => gmdate('Y-m-d\TH:i:s\Z', time() + 900)])];
        $payymo->state = ['wanted' => ['full' => true, 'invoices' => []]];
        file_put_contents($this->folder . '/state', serialize($payymo));

        $result = (new Sync($services))->run(30);
        $this->assertSame(['', true], [$result['words'], $result['ok']]);
        $this->assertSame(1, $result['booked']);
        $payymo = unserialize((string) file_get_contents($this->folder . '/state'));
        $this->assertSame(['pair', 'state', 'push', 'push', 'push', 'work', 'results', 'work'], array_column($payymo->taken, 'call'));
        $this->assertSame('applied', $payymo->bodies('results')[0]['results'][0]['outcome']);
    }

    public function testRedirectsAreNotFollowed(): void
    {
        $answer = (new CurlTransport())->get($this->payymoServer() . '/control/redirect');
        $this->assertSame(302, $answer['status']);
        $this->assertStringNotContainsString('followed', $answer['body']);
    }

    public function testAnswersAreBoundedInSizeAndTime(): void
    {
        $server = $this->payymoServer();
        $this->assertSame('too_large', $this->reasonOf(static function () use ($server): void {
            (new CurlTransport())->get($server . '/control/large');
        }));
        $this->assertSame('unreachable', $this->reasonOf(static function () use ($server): void {
            (new CurlTransport(1))->get($server . '/control/drip');
        }));
    }

    public function testTheBytesArriveAsTheyWereSigned(): void
    {
        $raw = '{"name":"O\'Neil &amp; \\"Söhne\\" <x>"}';
        $answer = (new CurlTransport())->post($this->payymoServer() . '/control/echo', ['X-A' => 'b'], $raw);
        $this->assertSame($raw, $answer['body']);
    }

    public function testNobodyIsCalledWithoutEncryptionOrByAnotherScheme(): void
    {
        foreach (['http://app.payymo.example/', 'file:///etc/hostname', 'ftp://127.0.0.1/', 'https://a:b@127.0.0.1/'] as $url) {
            $this->assertSame('unreachable', $this->reasonOf(static function () use ($url): void {
                (new CurlTransport(1))->get($url);
            }), $url);
        }
    }

    public function testACertificateThatNobodyVouchesForIsRefused(): void
    {
        if (!function_exists('pcntl_fork')) {
            $this->markTestSkipped('needs pcntl to serve TLS beside the test');
        }
        $key = openssl_pkey_new();
        $request = openssl_csr_new(['commonName' => '127.0.0.1'], $key);
        openssl_x509_export(openssl_csr_sign($request, null, $key, 1), $certificate);
        openssl_pkey_export($key, $private);
        file_put_contents($this->folder . '/pem', $certificate . $private);
        $context = stream_context_create(['ssl' => ['local_cert' => $this->folder . '/pem']]);
        $flags = STREAM_SERVER_BIND | STREAM_SERVER_LISTEN;
        $listening = stream_socket_server('tls://127.0.0.1:0', $code, $message, $flags, $context);
        $address = stream_socket_get_name($listening, false);
        $child = pcntl_fork();
        if ($child === 0) {
            $caller = @stream_socket_accept($listening, 10);
            if ($caller !== false) {
                fwrite($caller, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
                fclose($caller);
            }
            posix_kill(posix_getpid(), SIGKILL);
        }
        fclose($listening);
        try {
            (new CurlTransport(5))->get('https://' . $address . '/');
            $this->fail('believed');
        } catch (CallFailed $failure) {
            $this->assertStringContainsString('certificate', $failure->getMessage());
        } finally {
            posix_kill($child, SIGKILL);
            pcntl_waitpid($child, $status);
        }
    }

    /** The module in the layout of WHMCS, with a stand-in init.php three folders up. */
    private function site(): string
    {
        mkdir($this->folder . '/modules/addons', 0700, true);
        $this->copyFolder(dirname(__DIR__) . '/modules/addons/payymo', $this->folder . '/modules/addons/payymo');
        file_put_contents($this->folder . '/init.php', '<?php require ' . var_export(__DIR__ . '/support/init.php', true) . ';');
        $sqlite = $this->folder . '/whmcs.sqlite';
        touch($sqlite);
        Database::open($sqlite);
        Database::fresh();
        payymo_activate();
        return Processes::serve(['-t', $this->folder], ['PAYYMO_TEST_SQLITE' => $sqlite], $this->server)
            . '/modules/addons/payymo/proof.php';
    }

    private function copyFolder(string $from, string $to): void
    {
        mkdir($to);
        foreach (array_diff((array) scandir($from), ['.', '..']) as $name) {
            is_dir("$from/$name") ? $this->copyFolder("$from/$name", "$to/$name") : copy("$from/$name", "$to/$name");
        }
    }

    public function testTheProofAnswersANonceAndNothingElse(): void
    {
        $url = $this->site();
        $http = new CurlTransport();
        $nonce = bin2hex(random_bytes(16));
        $this->assertSame(404, $http->get($url . '?nonce=' . $nonce)['status'], 'before pairing');

        $this->services->settings()->pair('https://app.payymo.example', FakePayymo::INSTANCE, FakePayymo::SECRET);
        $answer = $http->get($url . '?nonce=' . $nonce);
        $this->assertSame(200, $answer['status']);
        $this->assertSame(hash_hmac('sha256', $nonce, FakePayymo::SECRET), $answer['body']);
        $this->assertStringStartsWith('text/plain', $answer['headers']['content-type']);

        foreach (['', '?nonce=', '?nonce=abc', '?nonce[]=' . $nonce, '?nonce=' . strtoupper($nonce) . 'A', "?nonce=$nonce%0A"] as $query) {
            $refused = $http->get($url . $query);
            $this->assertSame([404, 'Not found'], [$refused['status'], $refused['body']], $query);
        }
        $this->assertSame(404, $http->post($url . '?nonce=' . $nonce, [], '')['status']);

        Capsule::table('tbladdonmodules')->delete();
        $this->assertSame(404, $http->get($url . '?nonce=' . $nonce)['status'], 'deactivated');
    }

    public function testTheProofTiresOfOneWhoAsksTooOften(): void
    {
        $url = $this->site();
        $this->services->settings()->pair('https://app.payymo.example', FakePayymo::INSTANCE, FakePayymo::SECRET);
        $http = new CurlTransport();
        $good = 0;
        for ($tries = 0; $tries < 70; $tries++) {
            $good += $http->get($url . '?nonce=' . bin2hex(random_bytes(16)))['status'] === 200 ? 1 : 0;
        }
        // Thirty in each of the minutes that this took.
        $this->assertLessThanOrEqual(60, $good);
        $this->assertGreaterThanOrEqual(30, $good);
    }

    public function testFilesThatAreNoEntryPointsStopByThemselves(): void
    {
        $base = dirname($this->site());
        $http = new CurlTransport();
        foreach (['payymo.php', 'hooks.php', 'lib/Sync.php', 'lib/autoload.php', 'lang/english.php'] as $file) {
            $answer = $http->get($base . '/' . $file);
            $this->assertSame([200, ''], [$answer['status'], $answer['body']], $file);
        }
    }
}
