<?php

namespace WHMCS\Module\Addon\Payymo;

use WHMCS\Module\Addon\Payymo\Remote\CallFailed;
use WHMCS\Module\Addon\Payymo\Remote\Client;

if (!defined('WHMCS')) {
    exit;
}

/**
 * Tells Payymo of invoices and clients: those it asks for, those the hooks noted, and, when it wants all, everything that
 * counts in pages by rising id, over as many runs as that takes.
 */
final class Push
{
    private const PAGE = 200;
    /** Well below the 1 MiB that one body may have. */
    private const BODY_BYTES = 700000;

    /** @var Client */
    private $client;

    /** @var Invoices */
    private $invoices;

    /** @var Queue */
    private $queue;

    /** @var Settings */
    private $settings;

    /** @var Log */
    private $log;

    /** @var int */
    private $pushed = 0;

    public function __construct(Client $client, Invoices $invoices, Queue $queue, Settings $settings, Log $log)
    {
        $this->client = $client;
        $this->invoices = $invoices;
        $this->queue = $queue;
        $this->settings = $settings;
        $this->log = $log;
    }

    /** Invoices told since this object was made. */
    public function pushed(): int
    {
        return $this->pushed;
    }

    /**
     * What Payymo asked for by name.
     *
     * @param int[] $ids
     * @throws CallFailed
     */
    public function wanted(array $ids): void
    {
        foreach (array_chunk($ids, self::PAGE) as $page) {
            $this->tell($page, []);
        }
    }

    /**
     * What the hooks noted.
     *
     * @param callable(): bool $mayGoOn
     * @throws CallFailed
     */
    public function changes(callable $mayGoOn): void
    {
        if ($this->queue->size() > Queue::ROWS_MAX) {
            $this->queue->clear();
            // One that is under way has passed some of these invoices already.
            $this->settings->forget('full_id', 'full_after');
            $this->settings->set('full_due', '1');
            $this->log->warn('queue_overflow');
            return;
        }
        $this->spread();
        while ($mayGoOn()) {
            $invoices = $this->queue->peek(Queue::INVOICE, self::PAGE);
            $clients = $this->queue->peek(Queue::CLIENT, self::PAGE);
            if ($invoices === [] && $clients === []) {
                return;
            }
            $this->tell(array_keys($invoices), array_keys($clients));
            $this->queue->done(Queue::INVOICE, $invoices);
            $this->queue->done(Queue::CLIENT, $clients);
        }
    }

    /**
     * Everything that counts, going on where the last run stopped.
     *
     * @param callable(): bool $mayGoOn
     * @throws CallFailed
     */
    public function everything(bool $wanted, callable $mayGoOn): void
    {
        try {
            $this->pages($wanted || $this->settings->get('full_due') === '1', $mayGoOn);
        } catch (CallFailed $failure) {
            if ($failure->reason() !== 'conflict') {
                throw $failure;
            }
            // Payymo has begun another one since: this one counts no more, and the next run begins anew.
            $this->settings->forget('full_id', 'full_after');
            $this->settings->set('full_due', '1');
            $this->log->info('full_restarted');
        }
    }

    private function pages(bool $wanted, callable $mayGoOn): void
    {
        $id = $this->settings->get('full_id');
        if ($id === '') {
            if (!$wanted || !$mayGoOn()) {
                return;
            }
            $id = bin2hex(random_bytes(16));
            $this->send([], [], [], ['step' => 'begin', 'id' => $id]);
            $this->settings->set('full_after', '0');
            $this->settings->set('full_id', $id);
            $this->settings->forget('full_due');
            $this->log->info('full_begun');
        }
        while ($mayGoOn()) {
            $ids = $this->invoices->nextIds((int) $this->settings->get('full_after', '0'), self::PAGE);
            if ($ids === []) {
                $this->send([], [], [], ['step' => 'end', 'id' => $id]);
                $this->settings->forget('full_id', 'full_after');
                $this->log->info('full_done');
                return;
            }
            $this->tell($ids, [], ['step' => 'page', 'id' => $id]);
            $this->settings->set('full_after', (string) max($ids));
        }
    }

    /** Clients that became one: the invoices of both are told again. */
    private function spread(): void
    {
        $merged = $this->queue->peek(Queue::INVOICES_OF_CLIENT, 20);
        foreach (array_keys($merged) as $clientId) {
            $after = 0;
            while (($ids = $this->invoices->nextIds($after, 500, $clientId)) !== []) {
                foreach ($ids as $id) {
                    $this->queue->note(Queue::INVOICE, $id);
                }
                $after = max($ids);
            }
        }
        $this->queue->done(Queue::INVOICES_OF_CLIENT, $merged);
    }

    /**
     * @param int[] $ids
     * @param int[] $clientIds
     */
    private function tell(array $ids, array $clientIds, ?array $full = null): void
    {
        $documents = $this->invoices->documents($ids);
        $gone = array_map('strval', array_values(array_diff($ids, array_keys($documents))));
        $owners = array_map(static function (array $document): int {
            return (int) $document['client_id'];
        }, $documents);
        $clients = $this->invoices->clients(array_values(array_unique(array_merge($owners, $clientIds))));
        $extra = array_values(array_intersect_key($clients, array_flip($clientIds)));
        foreach ($this->parts($documents) ?: [[]] as $part) {
            $needed = [];
            foreach ($part as $document) {
                $owner = (int) $document['client_id'];
                if (isset($clients[$owner])) {
                    $needed[$owner] = $clients[$owner];
                }
            }
            $people = array_values($needed);
            foreach ($extra as $client) {
                if (!isset($needed[(int) $client['id']])) {
                    $people[] = $client;
                }
            }
            $this->send($people, $part, $gone, $full);
            $extra = [];
            $gone = [];
        }
    }

    /** @return array<int, array<int, array<string, mixed>>> in portions that fit into one body */
    private function parts(array $documents): array
    {
        $parts = [];
        $part = [];
        $bytes = 0;
        foreach ($documents as $document) {
            $size = strlen(Json::write($document)) + 1000;
            if ($part !== [] && $bytes + $size > self::BODY_BYTES) {
                $parts[] = $part;
                $part = [];
                $bytes = 0;
            }
            $part[] = $document;
            $bytes += $size;
        }
        if ($part !== []) {
            $parts[] = $part;
        }
        return $parts;
    }

    private function send(array $clients, array $invoices, array $gone, ?array $full): void
    {
        $body = ['clients' => $clients, 'invoices' => $invoices, 'gone' => $gone];
        if ($full !== null) {
            $body['full'] = $full;
        }
        $shown = count($clients) . ' clients, invoices ' . implode(' ', array_column($invoices, 'id'));
        $answer = $this->client->call('push', $body, $shown);
        $this->pushed += count($invoices);
        foreach (is_array($answer['rejected'] ?? null) ? array_slice($answer['rejected'], 0, 20) : [] as $rejected) {
            if (is_array($rejected)) {
                $this->log->warn('push_rejected', ($rejected['id'] ?? '?') . ': ' . ($rejected['reason'] ?? '?'));
            }
        }
    }
}
