using Sprig.Linux;
using Xunit;

namespace Sprig.Tests.Linux;

public class UnixDatagramsTests
{
    [Fact]
    public void A_path_ends_with_a_zero_and_an_abstract_name_begins_with_one()
    {
        Assert.Equal([1, 0, .. "/run/x"u8, 0], UnixDatagrams.AddressOf("/run/x"));
        Assert.Equal([1, 0, 0, .. "name"u8], UnixDatagrams.AddressOf("@name"));
    }

    [Theory]
    [InlineData(107, false, true)]
    [InlineData(108, false, false)]
    [InlineData(108, true, true)]
    [InlineData(109, true, false)]
    [InlineData(1, true, false)]
    [InlineData(0, false, false)]
    public void An_address_has_its_limits(int length, bool isAbstract, bool fits)
        => Assert.Equal(fits, UnixDatagrams.AddressOf((isAbstract ? "@" : "/").PadRight(length, 'x')[..length]) is not null);
}
