using System.Diagnostics;
using Sprig.Hosting;
using Xunit;

namespace Sprig.Tests.Hosting;

/// <summary>With this process's own environment, so beside no other test.</summary>
[Collection("alone")]
public class ServiceChildrenTests
{
    [Fact]
    public async Task Child_processes_do_not_speak_for_the_program()
    {
        Environment.SetEnvironmentVariable("NOTIFY_SOCKET", "@sprig-nobody");
        Environment.SetEnvironmentVariable("WATCHDOG_USEC", "3000000");
        Environment.SetEnvironmentVariable("SPRIG_WATCHDOG", "/dev/watchdog");
        Assert.Equal(new ServiceEnvironment("@sprig-nobody", TimeSpan.FromSeconds(3), "/dev/watchdog", null), ServiceEnvironment.TakeFromProcess());
        using Process child = Process.Start(new ProcessStartInfo("env") { RedirectStandardOutput = true })!;
        string variables = await child.StandardOutput.ReadToEndAsync();
        Assert.Contains("PATH=", variables, StringComparison.Ordinal);
        Assert.DoesNotMatch("NOTIFY_SOCKET|WATCHDOG", variables);
        Assert.Equal(new ServiceEnvironment(null, null, null, null), ServiceEnvironment.TakeFromProcess());
    }
}
