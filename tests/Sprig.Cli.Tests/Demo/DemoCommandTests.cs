using Xunit;

namespace Sprig.Cli.Tests.Demo;

/// <summary>Bad input: one clear line on standard error, exit code 2, nothing left open.</summary>
[Collection(nameof(ConsoleCollection))]
public class DemoCommandTests
{
    [Theory]
    [InlineData("--seconds -1", "--seconds '-1'")]
    [InlineData("--seconds soon", "'soon'")]
    [InlineData("--leds 17,17", "different line numbers")]
    [InlineData("--leds x", "--leds 'x'")]
    [InlineData("--leds 99 --gpio sim", "has the lines 0 to 27")]
    [InlineData("--baud 0", "a baud rate")]
    [InlineData("--baud fast", "'fast'")]
    [InlineData("--port 70000", "0 to 65535")]
    [InlineData("--host here", "an IP address")]
    [InlineData("--host 1.2.3.4 --gpio sim", "no address of this machine")]
    [InlineData("--gpio nosuch", "There is no GPIO chip 'nosuch'")]
    [InlineData("--gpio /dev/gpiochip99", "There is no GPIO chip /dev/gpiochip99")]
    [InlineData("--gpio /dev/null", "/dev/null is no GPIO chip")]
    [InlineData("--gpio sim --serial /dev/ttyNONE", "There is no device /dev/ttyNONE")]
    [InlineData("--gpio sim --serial /dev/null", "/dev/null is no serial device")]
    [InlineData("--gpio sim --serial sim --port 0 --report /nonexistent/report.json", "/nonexistent/report.json")]
    [InlineData("--bogus", "--bogus")]
    public void Is_one_line_and_exit_code_2(string options, string said)
        => ConsoleRun.AssertRefused(said, ["demo", .. options.Split(' ')]);

    [Fact]
    public void A_port_in_use_is_told_and_nothing_is_left_open()
    {
        using var taken = Sprig.IO.SocketListener.Listen(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        int port = ((System.Net.IPEndPoint)taken.LocalEndPoint).Port;
        OpenDescriptors.AssertNoneLeakedBy(() =>
        {
            (int code, string error) = Run(["demo", "--gpio", "sim", "--serial", "sim", "--port", $"{port}"]);
            Assert.Equal(2, code);
            Assert.Contains($"127.0.0.1:{port} is in use", error, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void No_report_is_left_behind_by_a_demo_that_did_not_begin()
    {
        string report = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Run(["demo", "--gpio", "sim", "--serial", "/dev/ttyNONE", "--report", report]);
        Assert.False(File.Exists(report));
    }

    [Fact]
    public void No_command_is_told_as_well()
    {
        (int code, string error) = Run([]);
        Assert.Equal(2, code);
        Assert.Contains("sprig --help", error, StringComparison.Ordinal);
    }

    private static (int Code, string Error) Run(string[] args)
    {
        (int code, _, string error) = ConsoleRun.Of(args);
        return (code, error);
    }
}
