<?php

namespace WHMCS\Module\Addon\Payymo\Remote;

use WHMCS\Module\Addon\Payymo\Clock;
use WHMCS\Module\Addon\Payymo\Json;
use WHMCS\Module\Addon\Payymo\Module;
use WHMCS\Module\Addon\Payymo\Settings;

if (!defined('WHMCS')) {
    exit;
}

/** The calls to Payymo (docs/whmcs-module-protocol.md). Every answer that is used was signed for the request it answers. */
final class Client
{
    /** @var Settings */
    private $settings;

    /** @var Transport */
    private $transport;

    /** @var Clock */
    private $clock;

    /** @var int */
    private $calls = 0;

    public function __construct(Settings $settings, Transport $transport, Clock $clock)
    {
        $this->settings = $settings;
        $this->transport = $transport;
        $this->clock = $clock;
    }

    /**
     * Exchanges a pairing code for the secret. The proof in the answer shows that whoever answers has seen our nonce and
     * holds the secret it hands out.
     *
     * @param array<string, string> $facts system_url, whmcs_version, php_version
     * @return array{instance_id: string, secret: string}
     * @throws CallFailed
     */
    public function pair(PairingCode $code, array $facts): array
    {
        $nonce = bin2hex(random_bytes(32));
        $body = ['code' => $code->code, 'nonce' => $nonce] + $facts + ['module_version' => Module::VERSION];
        $secrets = [$code->code];
        try {
            $answer = $this->transport->post($code->server . '/module/pair', [], Json::write($body));
            self::note('pair', ['code' => '***'] + $body, 'status ' . $answer['status'], $secrets);
        } catch (CallFailed $failure) {
            self::note('pair', ['code' => '***'] + $body, $failure->getMessage(), $secrets);
            throw $failure;
        }
        if ($answer['status'] !== 200) {
            throw $this->failureOf($answer);
        }
        $data = json_decode($answer['body'], true);
        $secret = is_array($data) && is_string($data['secret'] ?? null) ? $data['secret'] : '';
        $proof = is_array($data) && is_string($data['proof'] ?? null) ? $data['proof'] : '';
        $whole = preg_match('/^whsec_[\x21-\x7e]{10,200}\z/', $secret) && ($data['instance_id'] ?? '') === $code->instanceId;
        if (!$whole || !hash_equals(hash_hmac('sha256', $nonce, $secret), $proof)) {
            throw new CallFailed('bad_answer', 'The answer does not prove that it comes from Payymo.');
        }
        return ['instance_id' => $code->instanceId, 'secret' => $secret];
    }

    /**
     * One signed call.
     *
     * @param array<string, mixed> $body
     * @param string|null $shown what the module log may say of the body where it holds data of clients; null: the body
     * @return array<string, mixed>
     * @throws CallFailed
     */
    public function call(string $call, array $body, ?string $shown = null): array
    {
        $secret = $this->settings->secret();
        if ($secret === null) {
            $words = 'Not paired, or the stored secret cannot be read any more. Pair this WHMCS again.';
            throw new CallFailed('not_paired', $words);
        }
        $this->calls += 1;
        $requestId = bin2hex(random_bytes(16));
        $raw = Json::write(['call' => $call, 'request_id' => $requestId, 'module_version' => Module::VERSION] + $body);
        $url = $this->settings->get('server') . '/module/whmcs/' . $this->settings->get('instance_id') . '/' . $call;
        $request = $shown ?? $raw;
        try {
            $header = Signature::header($secret, $this->clock->now(), $raw);
            $answer = $this->transport->post($url, ['X-Payymo-Signature' => $header], $raw);
            self::note($call, $request, $answer['body'], [$secret]);
        } catch (CallFailed $failure) {
            self::note($call, $request, $failure->getMessage(), [$secret]);
            throw $failure;
        }
        if ($answer['status'] !== 200) {
            throw $this->failureOf($answer);
        }
        return $this->trusted($answer, $secret, $requestId);
    }

    /** Calls made through this object. */
    public function calls(): int
    {
        return $this->calls;
    }

    /** @return array<string, mixed> */
    private function trusted(array $answer, string $secret, string $requestId): array
    {
        $header = $answer['headers']['x-payymo-signature'] ?? '';
        $fault = Signature::fault($header, $secret, $this->clock->now(), $requestId . '.' . $answer['body']);
        if ($fault === 'clock_skew') {
            throw new CallFailed('clock_skew', 'The clock of this server is more than five minutes off.');
        }
        $data = $fault === null ? json_decode($answer['body'], true) : null;
        if (!is_array($data)) {
            throw new CallFailed('bad_answer', 'The answer is not signed by Payymo, so nothing of it was used.');
        }
        return $data;
    }

    private function failureOf(array $answer): CallFailed
    {
        $status = $answer['status'];
        $data = json_decode($answer['body'], true);
        $error = is_array($data) && is_array($data['error'] ?? null) ? $data['error'] : [];
        $words = is_string($error['message'] ?? null) ? substr($error['message'], 0, 500) : 'HTTP status ' . $status;
        if ($status >= 300 && $status < 400) {
            return new CallFailed('redirected', 'The address redirects. A pairing code with the right address is needed.');
        }
        if ($error === []) {
            // A proxy or another program answered, not Payymo: nothing is concluded from it.
            return new CallFailed($status === 429 ? 'rate_limited' : 'unavailable', $words);
        }
        if ($status === 400) {
            $details = [];
            foreach (is_array($error['details'] ?? null) ? $error['details'] : [] as $detail) {
                if (is_array($detail) && is_string($detail['field'] ?? null)) {
                    $details[$detail['field']] = (string) ($detail['issue'] ?? '');
                }
            }
            $reason = $details['reason'] ?? '';
            if ($reason === 'clock_skew' && ctype_digit($details['server_time'] ?? '')) {
                $seconds = $this->clock->now() - (int) $details['server_time'];
                return new CallFailed('clock_skew', "The clock of this server is $seconds seconds off.");
            }
            $known = in_array($reason, ['bad_signature', 'clock_skew', 'replayed'], true);
            return new CallFailed($known ? $reason : 'refused', $words);
        }
        $reasons = [404 => 'not_found', 409 => 'conflict', 429 => 'rate_limited'];
        return new CallFailed($reasons[$status] ?? ($status >= 500 ? 'unavailable' : 'refused'), $words);
    }

    /**
     * WHMCS's module log, which is written only while an admin has switched it on.
     *
     * @param mixed $request
     * @param string[] $secrets
     */
    private static function note(string $call, $request, string $answer, array $secrets): void
    {
        try {
            logModuleCall(Module::NAME, $call, $request, substr($answer, 0, 20000), '', $secrets);
        } catch (\Throwable $ignored) {
            // A log that fails is no reason not to book a payment.
        }
    }
}
