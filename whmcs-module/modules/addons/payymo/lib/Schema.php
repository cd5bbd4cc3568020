<?php

namespace WHMCS\Module\Addon\Payymo;

use Illuminate\Database\Schema\Blueprint;
use WHMCS\Database\Capsule;

if (!defined('WHMCS')) {
    exit;
}

/**
 * The module's tables. A step belongs to the version that brought it and may run twice: WHMCS activates an addon whose
 * tables were kept, and MySQL commits each change of a table by itself, so that a step may have been done in part.
 */
final class Schema
{
    public const TABLES = [
        'mod_payymo_settings',
        'mod_payymo_queue',
        'mod_payymo_payments',
        'mod_payymo_locks',
        'mod_payymo_log',
        'mod_payymo_hits',
    ];

    /** All steps above a version, oldest first. An empty version means all of them. */
    public static function upgradeFrom(string $version): void
    {
        foreach (self::steps() as $since => $step) {
            if ($version === '' || version_compare($version, $since, '<')) {
                $step();
            }
        }
        (new Settings())->set('schema', Module::VERSION);
    }

    /** Does what an upgrade left undone; WHMCS counts it as done even when it failed. */
    public static function ensure(): void
    {
        $complete = Capsule::schema()->hasTable('mod_payymo_settings')
            && (new Settings())->get('schema') === Module::VERSION;
        if (!$complete) {
            self::upgradeFrom('');
        }
    }

    public static function drop(): void
    {
        foreach (self::TABLES as $table) {
            Capsule::schema()->dropIfExists($table);
        }
    }

    /** @return array<string, callable(): void> */
    private static function steps(): array
    {
        return [
            '1.0.0' => static function (): void {
                self::createAll();
            },
        ];
    }

    private static function createAll(): void
    {
        self::create('mod_payymo_settings', static function (Blueprint $table): void {
            $table->string('name', 64)->primary();
            $table->mediumText('value')->nullable();
        });
        // One row for each change that a hook saw; several for one invoice are as good as one.
        self::create('mod_payymo_queue', static function (Blueprint $table): void {
            $table->bigIncrements('id');
            $table->string('kind', 20);
            $table->unsignedBigInteger('ref');
            $table->bigInteger('noted_at');
            $table->index(['kind', 'ref']);
        });
        // The unique transid is what makes a payment one payment, whoever asks for it and how often.
        self::create('mod_payymo_payments', static function (Blueprint $table): void {
            $table->bigIncrements('id');
            $table->string('transid', 64)->unique();
            $table->string('action', 8);
            $table->string('payment_id', 64);
            $table->bigInteger('fence')->default(0);
            $table->unsignedBigInteger('invoice_id')->index();
            $table->string('amount', 32);
            $table->string('currency', 8);
            $table->string('undoes', 64)->nullable();
            $table->string('surplus', 32)->nullable();
            $table->string('state', 16);
            $table->string('code', 64)->nullable();
            $table->text('words')->nullable();
            $table->integer('sends')->default(0);
            $table->bigInteger('sent_at')->default(0);
            $table->string('owner', 40)->nullable();
            $table->bigInteger('owned_until')->default(0);
            $table->mediumText('report')->nullable();
            $table->string('server_state', 32)->nullable();
            $table->bigInteger('created_at');
            $table->bigInteger('updated_at');
        });
        self::create('mod_payymo_locks', static function (Blueprint $table): void {
            $table->string('name', 64)->primary();
            $table->string('owner', 40);
            $table->bigInteger('expires_at');
        });
        self::create('mod_payymo_log', static function (Blueprint $table): void {
            $table->bigIncrements('id');
            $table->bigInteger('at');
            $table->string('level', 8);
            $table->string('event', 64);
            $table->text('detail')->nullable();
        });
        self::create('mod_payymo_hits', static function (Blueprint $table): void {
            $table->string('bucket', 64)->primary();
            $table->integer('hits')->default(0);
            $table->bigInteger('expires_at');
        });
    }

    private static function create(string $table, callable $columns): void
    {
        if (!Capsule::schema()->hasTable($table)) {
            Capsule::schema()->create($table, $columns);
        }
    }
}
