using System.Runtime.InteropServices;
using Sprig.Linux;
using Sprig.Polling;
using Sprig.Tests.Support;
using Xunit;

namespace Sprig.Tests.Linux;

public class EpollEventsTests
{
    public static TheoryData<ulong> Cookies => new(0, 1, 0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210, 1UL << 63, ulong.MaxValue);

    [Theory]
    [InlineData(true, 12)]
    [InlineData(false, 16)]
    public void Each_layout_has_the_size_of_the_kernels_struct(bool packed, int stride)
    {
        EpollEvents events = new(3, packed);
        Assert.Equal(stride, events.Stride);
        Assert.Equal(3 * stride, events.Bytes.Length);
        Assert.Equal(3, events.Capacity);
    }

    [Theory]
    [MemberData(nameof(Cookies))]
    public void The_packed_layout_round_trips_a_64_bit_cookie(ulong cookie) => AssertRoundTrip(packed: true, cookie);

    [Theory]
    [MemberData(nameof(Cookies))]
    public void The_aligned_layout_round_trips_a_64_bit_cookie(ulong cookie) => AssertRoundTrip(packed: false, cookie);

    [Theory]
    [InlineData(true, 4)]
    [InlineData(false, 8)]
    public void The_cookie_stands_where_the_kernel_puts_it(bool packed, int offset)
    {
        EpollEvents events = new(2, packed);
        events.Set(1, 0x8000_0001, 0x1122_3344_5566_7788);
        byte[] second = events.Bytes[events.Stride..].ToArray();
        Assert.Equal([0x01, 0x00, 0x00, 0x80], second[..4]);
        Assert.Equal([0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11], second[offset..]);
    }

    [Fact]
    public void This_machines_layout_is_packed_on_x64_alone()
        => Assert.Equal(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16, new EpollEvents(1).Stride);

    [Theory]
    [MemberData(nameof(Cookies))]
    public void The_kernel_of_this_machine_gives_the_cookie_back(ulong cookie)
    {
        using TestPair pipe = TestPair.Pipe();
        using Epoll epoll = new();
        epoll.Add(pipe.Near, EpollCalls.In, cookie, "a pipe");
        pipe.Send();
        Assert.Equal(1, epoll.Wait(0));
        Assert.Equal(cookie, epoll.CookieAt(0));
        Assert.Equal(EpollCalls.In, epoll.EventsAt(0));
    }

    [Fact]
    public void The_kernel_of_this_machine_fills_several_events_side_by_side()
    {
        TestPair[] pipes = [TestPair.Pipe(), TestPair.Pipe(), TestPair.Pipe()];
        using Epoll epoll = new();
        for (int i = 0; i < pipes.Length; i++)
        {
            epoll.Add(pipes[i].Near, EpollCalls.In, 0xABCD_0000_0000_0000 + (ulong)i, "a pipe");
            pipes[i].Send();
        }

        Assert.Equal(3, epoll.Wait(0));
        ulong[] cookies = [epoll.CookieAt(0), epoll.CookieAt(1), epoll.CookieAt(2)];
        Assert.Equal([0xABCD_0000_0000_0000, 0xABCD_0000_0000_0001, 0xABCD_0000_0000_0002], cookies.Order());
        Array.ForEach(pipes, pipe => pipe.Dispose());
    }

    private static void AssertRoundTrip(bool packed, ulong cookie)
    {
        EpollEvents events = new(3, packed);
        events.Set(0, 1, 10);
        events.Set(2, 3, 30);
        // The one in the middle, last: it must not touch its neighbours.
        events.Set(1, EpollCalls.In | EpollCalls.EdgeTriggered, cookie);
        Assert.Equal(cookie, events.CookieAt(1));
        Assert.Equal(EpollCalls.In | EpollCalls.EdgeTriggered, events.EventsAt(1));
        Assert.Equal((1u, 10ul), (events.EventsAt(0), events.CookieAt(0)));
        Assert.Equal((3u, 30ul), (events.EventsAt(2), events.CookieAt(2)));
    }
}
