<?php

namespace Payymo\Tests;

use Illuminate\Database\Schema\Blueprint;
use WHMCS\Database\Capsule;
use WHMCS\Module\Addon\Payymo\Schema;

/** Opens the database and makes the tables of WHMCS that the module reads. */
final class Database
{
    private const WHMCS_TABLES = 10;

    /** @var bool */
    private static $open = false;

    /** @param string $sqlite ':memory:' or a file; not used when PAYYMO_TEST_MYSQL is set */
    public static function open(string $sqlite = ':memory:', bool $closeFormer = true): void
    {
        if ($closeFormer && self::$open) {
            Capsule::connection()->disconnect();
        }
        self::$open = true;
        $mysql = self::mysql();
        $capsule = new Capsule();
        $capsule->addConnection($mysql ?? [
            'driver' => 'sqlite',
            'database' => $sqlite,
            'options' => [\PDO::ATTR_TIMEOUT => 20],
        ]);
        $capsule->setAsGlobal();
        $capsule->bootEloquent();
    }

    public static function isMysql(): bool
    {
        return self::mysql() !== null;
    }

    private static function mysql(): ?array
    {
        $given = getenv('PAYYMO_TEST_MYSQL');
        if (!is_string($given) || $given === '') {
            return null;
        }
        parse_str(strtr($given, ';', '&'), $part);
        return [
            'driver' => 'mysql',
            'host' => $part['host'],
            'port' => $part['port'],
            'database' => $part['dbname'],
            'username' => $part['user'],
            'password' => $part['password'] ?? '',
            'charset' => 'utf8mb4',
            'collation' => 'utf8mb4_unicode_ci',
            // As on a WHMCS database.
            'strict' => false,
        ];
    }

    /** Empties everything and makes the tables of WHMCS anew, with one client and the usual settings. */
    public static function fresh(): void
    {
        if (self::emptied()) {
            self::fill();
            return;
        }
        Capsule::schema()->dropAllTables();
        $schema = Capsule::schema();
        $money = static function (Blueprint $table, string $name): void {
            // sqlite would make a float of a decimal; MySQL hands out text.
            self::isMysql() ? $table->decimal($name, 16, 2)->default('0.00') : $table->string($name)->default('0.00');
        };
        $schema->create('tbladdonmodules', static function (Blueprint $table): void {
            $table->increments('id');
            $table->string('module');
            $table->string('setting');
            $table->text('value');
        });
        $schema->create('tblconfiguration', static function (Blueprint $table): void {
            $table->string('setting', 100)->primary();
            $table->text('value');
        });
        $schema->create('tblinvoices', static function (Blueprint $table) use ($money): void {
            $table->increments('id');
            $table->integer('userid');
            $table->string('invoicenum')->default('');
            $table->string('date')->default('0000-00-00');
            $table->string('duedate')->default('0000-00-00');
            $table->string('datepaid')->default('0000-00-00 00:00:00');
            $table->string('date_refunded')->default('0000-00-00 00:00:00');
            $table->string('date_cancelled')->default('0000-00-00 00:00:00');
            $money($table, 'credit');
            $money($table, 'total');
            $table->string('status')->default('Unpaid');
            $table->string('paymentmethod')->default('banktransfer');
            $table->string('updated_at')->nullable();
        });
        $schema->create('tblinvoiceitems', static function (Blueprint $table) use ($money): void {
            $table->increments('id');
            $table->integer('invoiceid');
            $table->string('type')->default('');
            $table->integer('relid')->default(0);
            $table->text('description');
            $money($table, 'amount');
        });
        $schema->create('tblaccounts', static function (Blueprint $table) use ($money): void {
            $table->increments('id');
            $table->integer('userid');
            $table->string('gateway');
            $table->string('date');
            $table->text('description');
            $money($table, 'amountin');
            $money($table, 'fees');
            $money($table, 'amountout');
            $table->string('transid')->default('');
            $table->integer('invoiceid');
        });
        $schema->create('tblclients', static function (Blueprint $table) use ($money): void {
            $table->increments('id');
            $table->string('firstname');
            $table->string('lastname');
            $table->string('companyname')->default('');
            $table->string('email');
            $table->integer('currency')->default(1);
            $money($table, 'credit');
        });
        $schema->create('tblcurrencies', static function (Blueprint $table): void {
            $table->increments('id');
            $table->string('code');
        });
        $schema->create('tblcredit', static function (Blueprint $table) use ($money): void {
            $table->increments('id');
            $table->integer('clientid');
            $table->text('description');
            $money($table, 'amount');
        });
        $schema->create('tblpaymentgateways', static function (Blueprint $table): void {
            $table->string('gateway');
            $table->string('setting');
            $table->text('value');
        });
        $schema->create('tbladmins', static function (Blueprint $table): void {
            $table->increments('id');
            $table->string('language')->default('');
        });
        self::fill();
    }

    /** Making tables is slow on MySQL: where all are there, their rows are taken away instead. */
    private static function emptied(): bool
    {
        if (!self::isMysql()) {
            return false;
        }
        $names = array_map(static function (object $row): string {
            return (string) current((array) $row);
        }, Capsule::connection()->select('show tables'));
        if (count(array_diff($names, Schema::TABLES)) !== self::WHMCS_TABLES) {
            return false;
        }
        foreach ($names as $name) {
            Capsule::table($name)->delete();
        }
        return true;
    }

    private static function fill(): void
    {
        Capsule::table('tblconfiguration')->insert([
            ['setting' => 'SystemURL', 'value' => 'https://my.northbyte.example/billing/'],
            ['setting' => 'Version', 'value' => '8.13.1-release.1'],
            ['setting' => 'DateFormat', 'value' => 'DD/MM/YYYY'],
            ['setting' => 'Language', 'value' => 'english'],
        ]);
        Capsule::table('tblcurrencies')->insert([['id' => 1, 'code' => 'EUR'], ['id' => 2, 'code' => 'USD']]);
        Capsule::table('tblpaymentgateways')->insert([
            ['gateway' => 'banktransfer', 'setting' => 'name', 'value' => 'Bank Transfer &amp; Cheque'],
            ['gateway' => 'banktransfer', 'setting' => 'type', 'value' => 'Invoices'],
        ]);
        // Stored as WHMCS stores what people type.
        Capsule::table('tblclients')->insert([
            'id' => 1,
            'firstname' => 'Sean',
            'lastname' => 'O&#039;Neil',
            'companyname' => 'Smith &amp; Sons',
            'email' => 'sean@smith.example',
        ]);
        Capsule::table('tbladdonmodules')->insert([
            ['module' => 'payymo', 'setting' => 'version', 'value' => '1.0.0'],
            ['module' => 'payymo', 'setting' => 'client_hint', 'value' => 'on'],
            ['module' => 'payymo', 'setting' => 'remove_data', 'value' => ''],
        ]);
        Capsule::table('tbladmins')->insert(['id' => 1, 'language' => 'german']);
    }

    /** @param array<string, mixed> $values */
    public static function invoice(string $total, array $values = []): int
    {
        $id = (int) Capsule::table('tblinvoices')->insertGetId($values + [
            'userid' => 1,
            'date' => '2026-11-01',
            'duedate' => '2026-11-15',
            'total' => $total,
            'updated_at' => '2026-11-01 10:00:00',
        ]);
        Capsule::table('tblinvoiceitems')->insert([
            'invoiceid' => $id,
            'type' => 'Hosting',
            'relid' => 7,
            'description' => 'Hosting &quot;Large&quot; (01/11/2026 - 30/11/2026)',
            'amount' => $total,
        ]);
        return $id;
    }
}
