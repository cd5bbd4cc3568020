<?php

namespace WHMCS\Module\Addon\Payymo\Admin;

use WHMCS\Module\Addon\Payymo\Pairing;
use WHMCS\Module\Addon\Payymo\Remote\CallFailed;
use WHMCS\Module\Addon\Payymo\Schema;
use WHMCS\Module\Addon\Payymo\Services;
use WHMCS\Module\Addon\Payymo\Sync;
use WHMCS\Module\Addon\Payymo\Text;
use WHMCS\Module\Addon\Payymo\Words;

if (!defined('WHMCS')) {
    exit;
}

/** The addon's page: does what was posted, then shows how things stand, in the same answer. Works without JavaScript. */
final class Page
{
    /** A press of a button runs within what web servers usually allow. */
    private const RUN_SECONDS = 20;

    /** @var Services */
    private $services;

    /** @var Words */
    private $words;

    /** @var string */
    private $link;

    public function __construct(Services $services, Words $words, string $link)
    {
        $this->services = $services;
        $this->words = $words;
        $this->link = $link;
    }

    /** @param array<string, mixed> $post as PHP has it, which in WHMCS means entity-encoded */
    public function show(string $method, array $post): string
    {
        Schema::ensure();
        $notice = '';
        if ($method === 'POST') {
            $notice = $this->isFromOurForm($post) ? $this->act($post) : Html::notice('danger', $this->words->html('bad_token'));
        }
        $sections = new Sections($this->services, $this->words, $this->link);
        return '<div class="payymo">' . Html::STYLE . $notice . $sections->all() . '</div>';
    }

    /** WHMCS's check halts, throws or answers false, by its version; only what passes without any of them counts. */
    private function isFromOurForm(array $post): bool
    {
        if (!is_string($post['token'] ?? null) || $post['token'] === '' || !function_exists('check_token')) {
            return false;
        }
        try {
            return check_token('WHMCS.admin.default') !== false;
        } catch (\Throwable $refused) {
            return false;
        }
    }

    private function act(array $post): string
    {
        $action = is_string($post['payymo_action'] ?? null) ? $post['payymo_action'] : '';
        try {
            switch ($action) {
                case 'connect':
                    (new Pairing($this->services))->connect(Text::plain($post['pairing_code'] ?? '', 4000));
                    return Html::notice('success', $this->words->html('connected')) . $this->sync();
                case 'disconnect':
                    if (($post['sure'] ?? '') !== '1') {
                        return Html::notice('warning', $this->words->html('tick_sure'));
                    }
                    (new Pairing($this->services))->disconnect();
                    return Html::notice('success', $this->words->html('disconnected'));
                case 'sync':
                    return $this->sync();
                case 'test':
                    return (new SelfTest($this->services, $this->words))->html();
                default:
                    return Html::notice('warning', $this->words->html('unknown_action'));
            }
        } catch (CallFailed $failure) {
            $this->services->log()->warn('call_failed', $failure->reason() . ': ' . $failure->getMessage());
            return Html::notice('danger', self::failure($this->words, $failure->reason(), $failure->getMessage()));
        }
    }

    private function sync(): string
    {
        $result = (new Sync($this->services))->run(self::RUN_SECONDS);
        if ($result['reason'] === 'busy') {
            return Html::notice('info', $this->words->html('sync_busy'));
        }
        if (!$result['ok']) {
            return Html::notice('danger', self::failure($this->words, $result['reason'], $result['words']));
        }
        $counts = ['pushed' => $result['pushed'], 'booked' => $result['booked']];
        return Html::notice('success', $this->words->html('sync_done', $counts));
    }

    /** A failed call in words: what it means and what to do, then what was said. */
    public static function failure(Words $words, string $reason, string $said): string
    {
        $key = 'failed_' . $reason;
        $text = $words->knows($key) ? $words->html($key) : $words->html('failed_other');
        return $text . ($said === '' ? '' : ' <small>(' . Text::html($said) . ')</small>');
    }
}
