<?php

namespace WHMCS\Module\Addon\Payymo\Admin;

use WHMCS\Module\Addon\Payymo\Booking\Payments;
use WHMCS\Module\Addon\Payymo\Module;
use WHMCS\Module\Addon\Payymo\Services;
use WHMCS\Module\Addon\Payymo\Text;
use WHMCS\Module\Addon\Payymo\Words;

if (!defined('WHMCS')) {
    exit;
}

/** What the addon's page shows, section by section. */
final class Sections
{
    private const TONES = ['applied' => 'success', 'refused' => 'danger', 'conflict' => 'danger', 'unknown' => 'warning'];

    /** @var Services */
    private $services;

    /** @var Words */
    private $words;

    /** @var string */
    private $link;

    /** @var Health */
    private $health;

    public function __construct(Services $services, Words $words, string $link)
    {
        $this->services = $services;
        $this->words = $words;
        $this->link = $link;
        $this->health = new Health($services->settings(), $services->clock());
    }

    public function all(): string
    {
        if (!$this->services->settings()->isPaired()) {
            return $this->connect() . $this->status() . $this->payments() . $this->log();
        }
        return $this->status() . $this->buttons() . $this->payments() . $this->log() . $this->connectAnew();
    }

    private function status(): string
    {
        $settings = $this->services->settings();
        $words = $this->words;
        $connection = $this->health->connection();
        $rows = [$words->say('connection') => Html::label($this->health->tone(), $words->say('connection_' . $connection))];
        if ($connection !== 'not_connected') {
            $rows[$words->say('connection')] .= ' ' . $words->html('help_' . $connection);
            $rows[$words->say('installation')] = Text::html($settings->get('server'))
                . ' <code>' . Text::html($settings->get('instance_id')) . '</code>';
            $rows[$words->say('last_success')] = Html::time((int) $settings->get('last_success_at', '0'));
            $rows[$words->say('last_error')] = $this->lastError();
            $rows[$words->say('pending')] = Text::html($this->health->count('pending_payments'));
            $rows[$words->say('review')] = Text::html($this->health->count('waiting_for_review')) . $this->reviewLink();
            $rows[$words->say('waiting_changes')] = Text::html($this->services->queue()->size());
        }
        $cron = $this->health->cron();
        $tones = ['ok' => 'success', 'late' => 'warning', 'dead' => 'danger'];
        $rows[$words->say('cron')] = Html::label($tones[$cron] ?? 'default', $words->say('cron_' . $cron)) . ' '
            . Html::time((int) $settings->get('cron_last_at', '0')) . ($cron === 'ok' ? '' : ' ' . $words->html('cron_help'));
        $rows[$words->say('version')] = Text::html(Module::VERSION);
        return '<h2>' . $words->html('status') . '</h2>' . Html::facts($rows);
    }

    private function lastError(): string
    {
        $error = $this->services->settings()->getMap('last_error');
        if ($error === []) {
            return '–';
        }
        return Html::time((int) ($error['at'] ?? 0)) . ' '
            . Page::failure($this->words, (string) ($error['reason'] ?? ''), (string) ($error['words'] ?? ''));
    }

    private function reviewLink(): string
    {
        $url = $this->health->reviewUrl();
        return $url === null ? '' : ' ' . Html::link($url, $this->words->say('review_open'));
    }

    private function buttons(): string
    {
        return '<p>' . Html::form($this->link, 'sync', $this->words->say('sync_now'), 'primary')
            . Html::form($this->link, 'test', $this->words->say('test'), 'default') . '</p>';
    }

    private function connect(): string
    {
        $field = '<p><label for="payymo-code">' . $this->words->html('pairing_code') . '</label><br>'
            . '<textarea id="payymo-code" name="pairing_code" rows="3" autocomplete="off" spellcheck="false" required></textarea></p>';
        return '<h2>' . $this->words->html('connect') . '</h2><p>' . $this->words->html('connect_help') . '</p>'
            . Html::form($this->link, 'connect', $this->words->say('connect'), 'primary', $field);
    }

    private function connectAnew(): string
    {
        $sure = '<p><label><input type="checkbox" name="sure" value="1" required> '
            . $this->words->html('disconnect_sure') . '</label></p>';
        return '<details' . ($this->health->connection() === 'pair_again' ? ' open' : '') . '><summary>'
            . $this->words->html('connect_anew') . '</summary>' . $this->connect() . '<h2>' . $this->words->html('disconnect') . '</h2>'
            . Html::form($this->link, 'disconnect', $this->words->say('disconnect'), 'danger', $sure) . '</details>';
    }

    private function payments(): string
    {
        $rows = [];
        foreach (Payments::latest(50) as $payment) {
            $rows[] = [
                Html::time((int) $payment->updated_at),
                Text::html($this->words->say('action_' . $payment->action)),
                '<a href="invoices.php?action=edit&amp;id=' . (int) $payment->invoice_id . '">' . (int) $payment->invoice_id . '</a>',
                Text::html($payment->amount . ' ' . $payment->currency),
                '<code>' . Text::html($payment->transid) . '</code>',
                self::state($this->words, $payment) . ' ' . Text::html($payment->words),
            ];
        }
        $heads = array_map([$this->words, 'say'], ['when', 'action', 'invoice', 'amount', 'transid', 'state']);
        return '<h2>' . $this->words->html('payments') . '</h2>'
            . ($rows === [] ? '<p>' . $this->words->html('payments_none') . '</p>' : Html::table($heads, $rows, 3));
    }

    public static function state(Words $words, object $payment): string
    {
        $label = Html::label(self::TONES[$payment->state] ?? 'info', $words->say('state_' . $payment->state));
        return $label . ($payment->report === null ? '' : ' ' . Html::label('warning', $words->say('unreported')));
    }

    private function log(): string
    {
        $rows = [];
        foreach ($this->services->log()->latest(100) as $line) {
            $text = $this->words->say('log_' . $line->event);
            $rows[] = [
                Html::time((int) $line->at),
                ($line->level === 'warn' ? Html::label('warning', '!') . ' ' : '') . Text::html($text),
                Text::html($line->detail),
            ];
        }
        $heads = array_map([$this->words, 'say'], ['when', 'event', 'detail']);
        return '<h2>' . $this->words->html('log') . '</h2>'
            . ($rows === [] ? '<p>' . $this->words->html('log_none') . '</p>' : Html::table($heads, $rows));
    }
}
