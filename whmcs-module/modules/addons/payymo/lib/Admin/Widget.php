<?php

namespace WHMCS\Module\Addon\Payymo\Admin;

use WHMCS\Module\AbstractWidget;
use WHMCS\Module\Addon\Payymo\Clock;
use WHMCS\Module\Addon\Payymo\Settings;
use WHMCS\Module\Addon\Payymo\Text;
use WHMCS\Module\Addon\Payymo\Words;

if (!defined('WHMCS')) {
    exit;
}

/** The box on WHMCS's dashboard: how things stand by the last run. */
final class Widget extends AbstractWidget
{
    protected $title = 'Payymo';
    protected $description = '';
    protected $weight = 150;
    protected $columns = 1;
    protected $cache = false;
    protected $requiredPermission = '';

    public function getData()
    {
        try {
            $settings = new Settings();
            $health = new Health($settings, new Clock());
            return [
                'connection' => $health->connection(),
                'tone' => $health->tone(),
                'cron' => $health->cron(),
                'pending' => $health->count('pending_payments'),
                'review' => $health->count('waiting_for_review'),
                'review_url' => $health->reviewUrl(),
                'last_success_at' => (int) $settings->get('last_success_at', '0'),
            ];
        } catch (\Throwable $fault) {
            return [];
        }
    }

    public function generateOutput($data)
    {
        if (!is_array($data) || $data === []) {
            return '';
        }
        try {
            $words = Words::ofAdmin();
            $review = Text::html($data['review']);
            if ($data['review_url'] !== null) {
                $review .= ' ' . Html::link($data['review_url'], $words->say('review_open'));
            }
            return '<div class="widget-content-padded">' . Html::facts([
                $words->say('connection') => Html::label($data['tone'], $words->say('connection_' . $data['connection'])),
                $words->say('pending') => Text::html($data['pending']),
                $words->say('review') => $review,
                $words->say('last_success') => Html::time($data['last_success_at']),
                $words->say('cron') => Text::html($words->say('cron_' . $data['cron'])),
            ]) . '<a href="addonmodules.php?module=payymo">' . $words->html('open_page') . '</a></div>';
        } catch (\Throwable $fault) {
            return '';
        }
    }
}
