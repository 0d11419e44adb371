using Xunit;

namespace Sprig.Programs.Tests;

[Collection(ProcessCollection.Name)]
public sealed class SettingsTests : IDisposable
{
    private static readonly string[] s_variables = [Settings.FileVariable, "GATEWAY_PORT", "GATEWAY_PROT", "GATEWAY_LIMIT", "BLINK_LEDS__5", "BLINK_LEDS"];

    public void Dispose() => Array.ForEach(s_variables, name => Environment.SetEnvironmentVariable(name, null));

    [Theory]
    [InlineData("--port", "tcp", "port 'tcp' (--port): wanted is a whole number from 0 to 65535: the TCP port; 0: any free one.")]
    [InlineData("--port", "65536", "port '65536' (--port): wanted is a whole number from 0 to 65535: the TCP port; 0: any free one.")]
    [InlineData("--port", "80.5", "port '80.5' (--port): wanted is a whole number from 0 to 65535: the TCP port; 0: any free one.")]
    [InlineData("--poll", "0", "poll '0' (--poll): wanted is a number of seconds from 0.1 to 86400: the time between two questions to the sensor.")]
    [InlineData("--poll", "1,5", "poll '1,5' (--poll): wanted is a number of seconds from 0.1 to 86400: the time between two questions to the sensor.")]
    [InlineData("--poll", "NaN", "poll 'NaN' (--poll): wanted is a number of seconds from 0.1 to 86400: the time between two questions to the sensor.")]
    [InlineData("--host", "here", "host 'here' (--host): wanted is an IP address of this machine; 0.0.0.0: all of them.")]
    [InlineData("--gpio", "", "gpio '' (--gpio): wanted is auto, sim, or a chip: its path, name or label.")]
    [InlineData("--prot", "1", "prot (--prot) is no setting; there are gpio, button, answer, alive, alarm, limit, serial, poll, timeout, host, port.")]
    [InlineData("--port:tcp", "1", "port:tcp (--port:tcp) is no setting; there are gpio, button, answer, alive, alarm, limit, serial, poll, timeout, host, port.")]
    [InlineData("port", "1", "'port': wanted is --NAME VALUE.")]
    public void A_wrong_one_is_told_with_its_place_and_what_is_wanted(string name, string value, string said)
        => Assert.Equal(said, Refused("Gateway", name, value));

    [Fact]
    public void A_name_without_a_value_is_told() => Assert.Equal("'--port': wanted is --NAME VALUE.", Refused("Gateway", "--port"));

    [Fact]
    public void One_of_the_environment_is_told_by_its_variable()
    {
        Environment.SetEnvironmentVariable("GATEWAY_PORT", "tcp");
        Assert.StartsWith("port 'tcp' (GATEWAY_PORT): wanted is ", Refused("Gateway"), StringComparison.Ordinal);
        Environment.SetEnvironmentVariable("GATEWAY_PORT", null);
        Environment.SetEnvironmentVariable("GATEWAY_PROT", "1");
        Assert.StartsWith("PROT (GATEWAY_PROT) is no setting; ", Refused("Gateway"), StringComparison.Ordinal);
        Environment.SetEnvironmentVariable("BLINK_LEDS__5", "x");
        Assert.StartsWith("leds:5 'x' (BLINK_LEDS__5): wanted is a number of seconds ", Refused("Blink"), StringComparison.Ordinal);
        Environment.SetEnvironmentVariable("BLINK_LEDS", "5");
        Assert.StartsWith("leds '5' (BLINK_LEDS): wanted is a number of seconds for each line: ", Refused("Blink"), StringComparison.Ordinal);
        Environment.SetEnvironmentVariable("BLINK_LEDS", "");
        Assert.StartsWith("leds '' (BLINK_LEDS): wanted is ", Refused("Blink"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "port": 99999 }""", "port '99999' (FILE): wanted is ")]
    [InlineData("""{ "port": "" }""", "port '' (FILE): wanted is ")]
    [InlineData("""{ "port": null }""", "port (FILE) has no value; ")]
    [InlineData("""{ "port": [] }""", "port (FILE) is a list, ")]
    [InlineData("""{ "prot": 1 }""", "prot (FILE) is no setting; ")]
    [InlineData("""{ "port": { "tcp": 1 } }""", "port:tcp (FILE) is no setting; ")]
    [InlineData("""{ "port": 1, "port": 2 }""", "FILE can't be read: ")]
    [InlineData("""{ "port": """, "FILE can't be read: ")]
    [InlineData("[]", "FILE can't be read: ")]
    [InlineData("", "FILE can't be read: ")]
    public void One_of_a_file_is_told_by_its_path(string json, string said)
    {
        using SettingsFile file = new(json);
        Assert.StartsWith(said.Replace("FILE", file.FilePath, StringComparison.Ordinal), Refused("Gateway", file.Arguments), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_named_must_be_there()
        => Assert.Equal("There is no file '/no/such.json'.", Refused("Gateway", "--settings", "/no/such.json"));

    [Fact]
    public void A_folder_in_the_place_of_the_file_is_told()
    {
        string said = $"{AppContext.BaseDirectory} is a folder; wanted is a file of settings.";
        Assert.Equal(said, Refused("Gateway", "--settings", AppContext.BaseDirectory));
        Environment.SetEnvironmentVariable(Settings.FileVariable, AppContext.BaseDirectory);
        Assert.Equal(said, Refused("Gateway"));
    }

    [Fact]
    public void Arguments_go_before_the_environment_and_that_before_the_file()
    {
        using SettingsFile file = new("""{ "$schema": "anything", "port": 1, "limit": 2, "button": 3 }""");
        Environment.SetEnvironmentVariable(Settings.FileVariable, file.FilePath);
        Environment.SetEnvironmentVariable("GATEWAY_PORT", "11");
        Environment.SetEnvironmentVariable("GATEWAY_LIMIT", "12");
        GatewaySettings settings = Settings.Read("gateway", ["--port", "111"], GatewaySettings.Read);
        Assert.Equal((111, 12, 3, 17), (settings.Listen.Port, settings.Limit, settings.Button, settings.Answer));
    }

    [Fact]
    public void A_service_without_a_file_goes_by_the_one_beside_the_program()
    {
        Environment.SetEnvironmentVariable(Settings.FileVariable, "/etc/sprig/no-such-program.json");
        Assert.Equal(4242, Settings.Read("gateway", [], GatewaySettings.Read).Listen.Port);
    }

    [Fact]
    public void Lines_of_one_place_are_not_added_to_those_of_another()
    {
        using SettingsFile file = new("""{ "leds": { "17": 1, "27": 2 } }""");
        Environment.SetEnvironmentVariable("BLINK_LEDS__5", "3");
        Assert.Equal([5], Settings.Read("blink", file.Arguments, BlinkSettings.Read).Leds.Keys);
    }

    [Theory]
    [InlineData("--leds:512", "1", "leds:512 '512' (--leds:512): wanted is the number of a line, from 0 to 511.")]
    [InlineData("--leds:GPIO17", "1", "leds:GPIO17 'GPIO17' (--leds:GPIO17): wanted is the number of a line, from 0 to 511.")]
    [InlineData("--leds:17:on", "1", "leds:17 '' (--leds:17): wanted is a number of seconds from 0.001 to 3600: how long the LED on that line stays on, and off.")]
    public void A_wrong_line_is_told(string name, string value, string said) => Assert.Equal(said, Refused("Blink", name, value));

    private static string Refused(string program, params string[] arguments)
        => Assert.Throws<InvalidDataException>(() => ProgramList.Read(program, arguments)).Message;
}
