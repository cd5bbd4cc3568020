<?php

namespace WHMCS\Module\Addon\Payymo\Admin;

use WHMCS\Module\Addon\Payymo\Clock;
use WHMCS\Module\Addon\Payymo\Settings;

if (!defined('WHMCS')) {
    exit;
}

/** How things stand, from what the last run kept; nothing here calls anybody. */
final class Health
{
    private const CRON_LATE_SECONDS = 3600;
    private const CRON_DEAD_SECONDS = 86400;

    /** @var Settings */
    private $settings;

    /** @var Clock */
    private $clock;

    public function __construct(Settings $settings, Clock $clock)
    {
        $this->settings = $settings;
        $this->clock = $clock;
    }

    /** `not_connected`, `pair_again`, `failing`, `unproven` or `connected`. */
    public function connection(): string
    {
        if (!$this->settings->isPaired()) {
            return 'not_connected';
        }
        if ($this->settings->secret() === null || $this->settings->get('stopped_reason') !== '') {
            return 'pair_again';
        }
        if ($this->settings->get('last_error') !== '') {
            return 'failing';
        }
        return ($this->state()['verified'] ?? false) === true ? 'connected' : 'unproven';
    }

    public function tone(): string
    {
        $tones = ['connected' => 'success', 'unproven' => 'warning', 'failing' => 'warning', 'pair_again' => 'danger'];
        return $tones[$this->connection()] ?? 'default';
    }

    /** `never`, `ok`, `late` or `dead`. */
    public function cron(): string
    {
        $at = (int) $this->settings->get('cron_last_at', '0');
        if ($at === 0) {
            return 'never';
        }
        $ago = $this->clock->now() - $at;
        return $ago > self::CRON_DEAD_SECONDS ? 'dead' : ($ago > self::CRON_LATE_SECONDS ? 'late' : 'ok');
    }

    /** @return array<string, mixed> what Payymo last said */
    public function state(): array
    {
        return $this->settings->getMap('last_state');
    }

    public function count(string $name): string
    {
        $value = $this->state()[$name] ?? null;
        return is_int($value) ? (string) $value : '–';
    }

    /** The address where people review, or null; only addresses of the web. */
    public function reviewUrl(): ?string
    {
        $url = $this->state()['settings']['review_url'] ?? null;
        return is_string($url) && preg_match('#^https?://[^\s"\'<>]+\z#', $url) ? $url : null;
    }
}
