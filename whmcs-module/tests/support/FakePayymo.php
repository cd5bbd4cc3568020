<?php

namespace Payymo\Tests;

use WHMCS\Module\Addon\Payymo\Json;
use WHMCS\Module\Addon\Payymo\Remote\Signature;

/**
 * The server's side of docs/whmcs-module-protocol.md, as far as the module can see it. Judges every request by itself: raw
 * body, signature, clock, replay, call in the address.
 */
final class FakePayymo
{
    public const INSTANCE = 'whm_01jrfzq4v8m2k9d7t5x3w1c0ab';
    public const SECRET = 'whsec_c2VjcmV0LW9mLXRoaXMtaW5zdGFsbGF0aW9uLW9ubHk=';
    public const TOKEN = 'one-time-token-0123456789';

    /** @var string */
    public $secret = self::SECRET;

    /** @var bool */
    public $tokenUsed = false;

    /** @var array<string, mixed> laid over the usual answer of state */
    public $state = [];

    /** @var array<int, array<string, mixed>> */
    public $offers = [];

    /** @var array<int, array{call: string, body: array}> what was taken, in order */
    public $taken = [];

    /** @var array<string, bool> */
    public $requestIds = [];

    /** @var callable|null (string $call, array $answer): ?array changes or replaces an answer before it is sent */
    public $meddle;

    /** @var callable(): int */
    public $now;

    public function __construct()
    {
        $this->now = 'time';
    }

    public static function code(string $server): string
    {
        $plain = $server . ' ' . self::INSTANCE . ' ' . self::TOKEN;
        return 'pyc_' . rtrim(strtr(base64_encode($plain), '+/', '-_'), '=');
    }

    /**
     * @param array<string, string> $headers names in lower case
     * @return array{status: int, headers: array<string, string>, body: string}
     */
    public function answer(string $path, array $headers, string $raw): array
    {
        $body = json_decode($raw, true);
        if ($path === '/module/pair') {
            return $this->meddled('pair', $this->pair(is_array($body) ? $body : []));
        }
        if (!preg_match('#^/module/whmcs/' . self::INSTANCE . '/(state|push|work|results)$#', $path, $part)) {
            return $this->meddled('', self::error(404, 'Not found'));
        }
        $call = $part[1];
        return $this->meddled($call, $this->signed($call, $headers, $raw, is_array($body) ? $body : []));
    }

    private function meddled(string $call, array $answer): array
    {
        return $this->meddle === null ? $answer : (($this->meddle)($call, $answer) ?? $answer);
    }

    private function pair(array $body): array
    {
        $good = ($body['code'] ?? '') === self::code($this->serverOf($body)) && !$this->tokenUsed;
        if (!$good || !preg_match('/^[0-9a-f]{64}\z/', $body['nonce'] ?? '')) {
            return self::error(400, 'The pairing code is wrong, used or older than an hour');
        }
        $this->tokenUsed = true;
        $this->taken[] = ['call' => 'pair', 'body' => $body];
        return self::json(200, [
            'instance_id' => self::INSTANCE,
            'secret' => $this->secret,
            'proof' => hash_hmac('sha256', $body['nonce'], $this->secret),
            'server_time' => ($this->now)(),
        ]);
    }

    private function serverOf(array $body): string
    {
        return explode(' ', (string) base64_decode(strtr(substr($body['code'] ?? '', 4), '-_', '+/')))[0];
    }

    private function signed(string $call, array $headers, string $raw, array $body): array
    {
        $now = ($this->now)();
        $fault = Signature::fault($headers['x-payymo-signature'] ?? '', $this->secret, $now, $raw);
        if ($fault !== null) {
            return self::error(400, 'The call is not signed as it should be', ['reason' => $fault, 'server_time' => (string) $now]);
        }
        $requestId = $body['request_id'] ?? '';
        if (($body['call'] ?? '') !== $call || !preg_match('/^[0-9a-f]{32}\z/', $requestId)) {
            return self::error(400, 'The signature is of another call', ['reason' => 'bad_signature']);
        }
        if (isset($this->requestIds[$requestId])) {
            return self::error(400, 'Seen already', ['reason' => 'replayed']);
        }
        $this->requestIds[$requestId] = true;
        $this->taken[] = ['call' => $call, 'body' => $body];
        $text = Json::write($this->{$call}($body));
        return [
            'status' => 200,
            'headers' => ['x-payymo-signature' => Signature::header($this->secret, $now, $requestId . '.' . $text)],
            'body' => $text,
        ];
    }

    private function state(array $body): array
    {
        return array_replace_recursive([
            'status' => 'active',
            'verified' => true,
            'server_time' => gmdate('Y-m-d\TH:i:s\Z', ($this->now)()),
            'settings' => [
                'payment_method' => 'banktransfer',
                'no_email' => false,
                'review_url' => 'https://app.payymo.example/review',
                'reference_hint' => 'INV {number}',
            ],
            'pending_payments' => count($this->offers),
            'waiting_for_review' => 2,
            'last_push_at' => null,
            'wanted' => ['full' => false, 'invoices' => []],
        ], $this->state);
    }

    private function push(array $body): array
    {
        return ['taken' => count($body['invoices']), 'rejected' => []];
    }

    private function work(array $body): array
    {
        return ['payments' => array_splice($this->offers, 0, $body['limit'])];
    }

    private function results(array $body): array
    {
        $taken = [];
        foreach ($body['results'] as $result) {
            $taken[] = ['payment_id' => $result['payment_id'], 'state' => $result['outcome']];
        }
        return ['taken' => $taken];
    }

    /** @return array<int, array> bodies of all calls of one kind */
    public function bodies(string $call): array
    {
        $bodies = [];
        foreach ($this->taken as $taken) {
            if ($taken['call'] === $call) {
                $bodies[] = $taken['body'];
            }
        }
        return $bodies;
    }

    public static function error(int $status, string $message, array $details = []): array
    {
        $list = [];
        foreach ($details as $field => $issue) {
            $list[] = ['field' => $field, 'issue' => $issue];
        }
        $code = ['code' => 'invalid_request', 'message' => $message, 'details' => $list];
        return self::json($status, ['error' => $code + ['request_id' => 'req_x', 'retryable' => false]]);
    }

    public static function json(int $status, array $body): array
    {
        return ['status' => $status, 'headers' => ['content-type' => 'application/json'], 'body' => Json::write($body)];
    }
}
