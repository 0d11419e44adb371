using Sprig.Linux;
using Sprig.Tests.Support;
using Xunit;

namespace Sprig.Tests.Linux;

[Collection(DescriptorTable.Name)]
public class SyscallExhaustionTests
{
    [Fact]
    public void Open_answers_EMFILE_when_the_table_is_full()
        => Assert.Equal(-24, DescriptorTable.WithRoomFor(0, () => Syscall.Open("/dev/null", Syscall.OpenReadWrite)));

    [Fact]
    public void A_pipe_that_has_room_for_one_end_alone_answers_EMFILE_and_keeps_none()
    {
        (int pipe, int next) = DescriptorTable.WithRoomFor(1, () =>
        {
            Span<int> ends = stackalloc int[2];
            // The one number that was free is free again.
            return (Syscall.Pipe(ends), EpollCalls.CreateEvent());
        });
        using FileDescriptor left = FileDescriptor.FromResult(next, "create", "an eventfd");
        Assert.Equal(-Errno.EMFILE, pipe);
    }

    [Fact]
    public void An_eventfd_an_epoll_set_and_a_timerfd_answer_EMFILE()
        => Assert.Equal(
            (-Errno.EMFILE, -Errno.EMFILE, -Errno.EMFILE),
            DescriptorTable.WithRoomFor(0, () => (EpollCalls.CreateEvent(), EpollCalls.Create(), EpollCalls.CreateTimer())));
}
