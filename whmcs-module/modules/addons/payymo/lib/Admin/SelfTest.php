<?php

namespace WHMCS\Module\Addon\Payymo\Admin;

use WHMCS\Database\Capsule;
use WHMCS\Module\Addon\Payymo\Remote\CallFailed;
use WHMCS\Module\Addon\Payymo\Remote\CurlTransport;
use WHMCS\Module\Addon\Payymo\Schema;
use WHMCS\Module\Addon\Payymo\Services;
use WHMCS\Module\Addon\Payymo\Sync;
use WHMCS\Module\Addon\Payymo\Text;
use WHMCS\Module\Addon\Payymo\Whmcs;
use WHMCS\Module\Addon\Payymo\Words;

if (!defined('WHMCS')) {
    exit;
}

/** Tries each thing the module needs and says which one fails and what to do. Changes nothing in WHMCS. */
final class SelfTest
{
    private const CLOCK_SECONDS = 60;

    /** @var Services */
    private $services;

    /** @var Words */
    private $words;

    public function __construct(Services $services, Words $words)
    {
        $this->services = $services;
        $this->words = $words;
    }

    public function html(): string
    {
        $rows = [];
        foreach ($this->steps() as [$step, $ok, $detail]) {
            $tone = $ok === true ? 'success' : ($ok === false ? 'danger' : 'warning');
            $mark = $ok === true ? 'test_ok' : ($ok === false ? 'test_failed' : 'test_unsure');
            $help = $ok === true ? '' : $this->words->html('test_help_' . $step) . ' ';
            $rows[] = [$this->words->html('test_' . $step), Html::label($tone, $this->words->say($mark)), $help . Text::html($detail)];
        }
        $heads = array_map([$this->words, 'say'], ['test', 'state', 'detail']);
        return '<h2>' . $this->words->html('test_results') . '</h2>' . Html::table($heads, $rows);
    }

    /** @return array<int, array{0: string, 1: bool|null, 2: string}> step, how it went (null: not sure), what was seen */
    public function steps(): array
    {
        $steps = [$this->tables(), $this->systemUrl(), $this->cron(), $this->localApi()];
        if (!$this->services->settings()->isPaired()) {
            return $steps;
        }
        $sync = new Sync($this->services);
        try {
            $state = $sync->askState();
            $steps[] = ['payymo', true, ''];
            $ahead = $sync->serverAhead();
            $steps[] = ['clock', abs($ahead) < self::CLOCK_SECONDS, $ahead . ' s'];
            $steps[] = ['verified', ($state['verified'] ?? false) === true ? true : null, ''];
        } catch (CallFailed $failure) {
            $steps[] = ['payymo', false, $failure->reason() . ': ' . $failure->getMessage()];
        }
        $steps[] = $this->proof();
        return $steps;
    }

    private function tables(): array
    {
        $missing = array_filter(Schema::TABLES, static function (string $table): bool {
            return !Capsule::schema()->hasTable($table);
        });
        return ['tables', $missing === [], implode(' ', $missing)];
    }

    private function systemUrl(): array
    {
        $url = Whmcs::systemUrl();
        return ['system_url', CurlTransport::isAllowed($url), $url];
    }

    private function cron(): array
    {
        $health = new Health($this->services->settings(), $this->services->clock());
        $cron = $health->cron();
        return ['cron', $cron === 'ok' ? true : ($cron === 'dead' ? false : null), $this->words->say('cron_' . $cron)];
    }

    private function localApi(): array
    {
        $answer = Whmcs::call('GetCurrencies', []);
        return ['local_api', $answer['ok'], $answer['message']];
    }

    /** A server that cannot reach itself by its public name proves nothing against the address. */
    private function proof(): array
    {
        $secret = $this->services->settings()->secret();
        $nonce = bin2hex(random_bytes(16));
        try {
            $answer = $this->services->transport()->get(Whmcs::systemUrl() . '/modules/addons/payymo/proof.php?nonce=' . $nonce);
        } catch (CallFailed $failure) {
            return ['proof', null, $failure->getMessage()];
        }
        $right = $secret !== null && $answer['status'] === 200
            && hash_equals(hash_hmac('sha256', $nonce, $secret), trim($answer['body']));
        return ['proof', $right ? true : null, 'HTTP ' . $answer['status']];
    }
}
