using System.Diagnostics;
using Xunit;

namespace Sprig.Cli.Tests.Examples;

/// <summary>Each example once as a process of its own, on the real clock: its exit code, and that it says its piece.</summary>
public class ExampleProcessTests
{
    [Theory]
    [InlineData("philosophers", 3, "'Kant' waits for AsyncLock 'fork 1', held by 'Plato'")]
    [InlineData("philosophers --solve ordered", 0, "Everyone has eaten.")]
    [InlineData("philosophers --solve waiter", 0, "Everyone has eaten.")]
    [InlineData("philosophers --solve reentrant", 0, "Everyone has eaten.")]
    [InlineData("counter", 0, "x = 10000, lost: 0")]
    [InlineData("daemons", 0, "Killed: main and the worker have ended")]
    [InlineData("producer-consumer", 0, "lost: 0, taken twice: 0.")]
    [InlineData("sleeps --seconds 0.01", 0, "10 sleeps of 0.010 s")]
    [InlineData("pool", 0, "job 4, which took 0.2 s")]
    [InlineData("switch", 0, "ping leaves the table at stroke 5")]
    public async Task It_starts_and_ends_as_it_should(string arguments, int code, string said)
    {
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "Sprig.Cli"), ["example", .. arguments.Split(' ')])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process example = Process.Start(start)!;
        Task<string> error = example.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await example.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await example.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(code, example.ExitCode);
        Assert.Contains(said, output, StringComparison.Ordinal);
        Assert.Equal(code == 0, (await error).Length == 0);
    }
}
