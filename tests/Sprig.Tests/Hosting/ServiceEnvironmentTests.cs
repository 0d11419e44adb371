using Sprig.Hosting;
using Xunit;

namespace Sprig.Tests.Hosting;

public class ServiceEnvironmentTests
{
    private const int Self = 42;
    private readonly Dictionary<string, string?> _variables = [];

    [Fact]
    public void An_empty_one_asks_for_nothing()
        => Assert.Equal(new ServiceEnvironment(null, null, null, null), Take());

    [Fact]
    public void All_is_taken_and_unset_and_nothing_else_is()
    {
        Set(("NOTIFY_SOCKET", "/run/systemd/notify"), ("WATCHDOG_USEC", "5000000"), ("WATCHDOG_PID", "42"), ("JOURNAL_STREAM", "8:1"),
            ("SPRIG_WATCHDOG", "/dev/watchdog"), ("SPRIG_WATCHDOG_TIMEOUT", "10"), ("PATH", "/bin"));
        Assert.Equal(new ServiceEnvironment("/run/systemd/notify", TimeSpan.FromSeconds(5), "/dev/watchdog", TimeSpan.FromSeconds(10)), Take());
        Assert.Equal(["JOURNAL_STREAM", "PATH"], _variables.Keys.Order());
    }

    [Theory]
    [InlineData("@name", "@name")]
    [InlineData("", null)]
    [InlineData("vsock:2:1234", null)]
    public void An_address_is_a_path_or_an_abstract_name(string value, string? address)
    {
        Set(("NOTIFY_SOCKET", value), ("WATCHDOG_USEC", "1000000"));
        ServiceEnvironment environment = Take();
        Assert.Equal(address, environment.NotifyAddress);
        Assert.Equal(address is null ? null : TimeSpan.FromSeconds(1), environment.WatchdogTimeout);
        Assert.Empty(_variables);
    }

    [Theory]
    [InlineData("41", false)]
    [InlineData("42", true)]
    [InlineData("", true)]
    [InlineData(null, true)]
    public void A_watchdog_that_is_another_process_is_not_fed(string? process, bool isFed)
    {
        Set(("NOTIFY_SOCKET", "@n"), ("WATCHDOG_USEC", "1000000"), ("WATCHDOG_PID", process));
        Assert.Equal(isFed, Take().WatchdogTimeout is not null);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("soon")]
    [InlineData("18446744073709551615")]
    public void A_time_that_is_none_is_no_watchdog(string value)
    {
        Set(("NOTIFY_SOCKET", "@n"), ("WATCHDOG_USEC", value));
        Assert.Null(Take().WatchdogTimeout);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1.5")]
    [InlineData("15s")]
    public void Our_own_variable_has_to_be_right(string value)
    {
        Set(("SPRIG_WATCHDOG_TIMEOUT", value));
        SettingException error = Assert.Throws<SettingException>(Take);
        Assert.Equal($"SPRIG_WATCHDOG_TIMEOUT: '{value}' is no time: it takes a whole number of seconds, at least 1.", error.Message);
    }

    private void Set(params (string Name, string? Value)[] variables)
    {
        foreach ((string name, string? value) in variables)
            _variables[name] = value;
    }

    private ServiceEnvironment Take() => ServiceEnvironment.Take(name => _variables.GetValueOrDefault(name), name => _variables.Remove(name), Self);
}
