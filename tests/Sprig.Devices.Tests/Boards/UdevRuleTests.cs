using System.Text.RegularExpressions;
using Xunit;

namespace Sprig.Devices.Tests.Boards;

/// <summary>The rules that are shipped: udev passes over a line that it does not understand, and says so where nobody looks.</summary>
public partial class UdevRuleTests
{
    private static readonly string[] s_rules =
        [.. File.ReadLines(Path.Combine(BoardFiles.Folder, "../udev/60-sprig.rules")).Where(line => line.Length > 0 && line[0] != '#')];

    [Fact]
    public void Every_rule_is_pairs_of_key_and_value()
        => Assert.All(s_rules, rule => Assert.Matches(Pairs(), rule));

    [Theory]
    [InlineData("gpio", "gpio")]
    [InlineData("i2c-dev", "i2c")]
    [InlineData("spidev", "spi")]
    public void Each_kind_of_device_has_its_group(string subsystem, string group)
        => Assert.Single(s_rules, rule => rule.Contains($"SUBSYSTEM==\"{subsystem}\"", StringComparison.Ordinal)
            && rule.Contains($"GROUP=\"{group}\", MODE=\"0660\"", StringComparison.Ordinal));

    [GeneratedRegex("""^[A-Z]+(==|!=|=|\+=)"[^"]*"(, [A-Z]+(==|!=|=|\+=)"[^"]*")*$""")]
    private static partial Regex Pairs();
}
