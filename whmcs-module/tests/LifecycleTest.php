<?php

namespace Payymo\Tests;

use WHMCS\Database\Capsule;
use WHMCS\Module\Addon\Payymo\Module;
use WHMCS\Module\Addon\Payymo\Schema;

final class LifecycleTest extends ModuleTestCase
{
    public function testConfigHasWhatWhmcsAsksFor(): void
    {
        $config = payymo_config();
        foreach (['name', 'description', 'author', 'language', 'version', 'fields'] as $key) {
            $this->assertArrayHasKey($key, $config);
        }
        $this->assertSame(Module::VERSION, $config['version']);
    }

    public function testActivatingTwiceKeepsWhatIsThere(): void
    {
        $this->paired();
        $this->assertSame('success', payymo_activate()['status']);
        $this->assertSame(FakePayymo::SECRET, $this->services->settings()->secret());
    }

    public function testDeactivatingKeepsTheTables(): void
    {
        $this->paired();
        $this->assertSame('success', payymo_deactivate()['status']);
        $this->assertSame(FakePayymo::SECRET, $this->services->settings()->secret());
    }

    public function testDeactivatingRemovesThemWhenTheOptionSaysSo(): void
    {
        Capsule::table('tbladdonmodules')->where('setting', 'remove_data')->update(['value' => 'on']);
        payymo_deactivate();
        foreach (Schema::TABLES as $table) {
            $this->assertFalse(Capsule::schema()->hasTable($table), $table);
        }
        // A second time, and on a WHMCS where it never was.
        $this->assertSame('success', payymo_deactivate()['status']);
    }

    public function testTheOptionIsRememberedWhereWhmcsHasTakenItsRowAway(): void
    {
        $this->withHooks();
        Capsule::table('tbladdonmodules')->where('setting', 'remove_data')->update(['value' => 'on']);
        FakeWhmcs::fire('AddonModuleConfigSave');
        Capsule::table('tbladdonmodules')->delete();
        payymo_deactivate();
        $this->assertFalse(Capsule::schema()->hasTable('mod_payymo_settings'));
    }

    /** @dataProvider olderVersions */
    public function testUpgradingFromAnyOlderVersionEndsWithAllTables(string $version): void
    {
        Schema::drop();
        payymo_upgrade(['version' => $version]);
        foreach (Schema::TABLES as $table) {
            $this->assertTrue(Capsule::schema()->hasTable($table), $table);
        }
        payymo_upgrade(['version' => $version]);
        $this->assertSame([], FakeWhmcs::$activity);
    }

    public function olderVersions(): array
    {
        return [['0.1.0'], ['0.9.9'], ['']];
    }

    public function testAnUpgradeInTheMiddleIsTakenUpWhereItStopped(): void
    {
        $this->paired();
        Capsule::schema()->drop('mod_payymo_locks');
        payymo_upgrade(['version' => '0.9.0']);
        $this->assertTrue(Capsule::schema()->hasTable('mod_payymo_locks'));
        $this->assertTrue($this->services->settings()->isPaired());
    }

    public function testThePageMendsTablesThatAnUpgradeLeftOut(): void
    {
        Schema::drop();
        $this->assertStringContainsString('Connect', Pages::get());
        $this->assertTrue(Capsule::schema()->hasTable('mod_payymo_payments'));
    }

    public function testASecretEncryptedElsewhereIsNoSecret(): void
    {
        $this->paired();
        FakeWhmcs::$encryptionHash = 'another installation';
        $this->assertNull($this->services->settings()->secret());
        $this->assertStringContainsString('must be connected anew', Pages::get());
    }

    public function testTheSecretIsNotReadableInTheTables(): void
    {
        $this->paired();
        $stored = json_encode(Capsule::table('mod_payymo_settings')->get());
        $this->assertStringNotContainsString(FakePayymo::SECRET, $stored);
        $this->assertStringNotContainsString('whsec_', $stored);
    }
}
