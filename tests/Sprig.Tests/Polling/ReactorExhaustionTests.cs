using Sprig.Polling;
using Sprig.Tests.Support;
using Xunit;

namespace Sprig.Tests.Polling;

[Collection(DescriptorTable.Name)]
public class ReactorExhaustionTests
{
    private const int ENOSPC = 28;

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 3)]
    public void A_constructor_that_throws_for_want_of_descriptors_leaks_none(bool timerFd, int descriptors)
        => Assert.Equal(descriptors, DescriptorTable.AssertLeaksNothingWhenDescriptorsRunOut(() => new Reactor(timerFd)));

    [Fact]
    public void A_constructor_whose_eventfd_the_set_refuses_leaks_nothing()
    {
        int before = DescriptorTable.CountGroundDescriptors();
        int error = KernelWithout.Run(() => Assert.Throws<IOException>(() => new Reactor()).HResult, (KernelWithout.EpollControl, ENOSPC));
        Assert.Equal(ENOSPC, error);
        Assert.Equal(before, DescriptorTable.CountGroundDescriptors());
    }

    [Fact]
    public void Dispose_gives_every_descriptor_back()
    {
        int before = DescriptorTable.CountGroundDescriptors();
        Reactor reactor = new(forceTimerFd: true);
        Assert.Equal(before + 3, DescriptorTable.CountGroundDescriptors());
        reactor.Dispose();
        Assert.Equal(before, DescriptorTable.CountGroundDescriptors());
    }
}
