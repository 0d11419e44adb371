using Sprig.Linux;
using Sprig.Tests.Support;
using Xunit;

namespace Sprig.Tests.Linux;

[Collection(DescriptorTable.Name)]
public class FileDescriptorTests
{
    [Fact]
    public void Dispose_closes_the_descriptor()
    {
        using TestPair pipe = TestPair.Pipe();
        FileDescriptor copy = new(NativeCalls.Duplicate(pipe.Near));
        int number = copy.Number;
        Assert.True(NativeCalls.IsOpen(number));
        copy.Dispose();
        Assert.True(copy.IsClosed);
        Assert.False(NativeCalls.IsOpen(number));
    }

    [Fact]
    public void A_second_Dispose_leaves_a_strangers_descriptor_alone_that_got_the_number()
    {
        using TestPair pipe = TestPair.Pipe();
        FileDescriptor first = new(NativeCalls.Duplicate(pipe.Near));
        int number = first.Number;
        first.Dispose();
        NativeCalls.Duplicate(pipe.Far, onto: number);
        using FileDescriptor stranger = new(number);
        first.Dispose();
        Assert.True(NativeCalls.IsOpen(number));
    }

    [Fact]
    public void The_number_after_Dispose_is_an_ObjectDisposedException()
    {
        using TestPair pipe = TestPair.Pipe();
        FileDescriptor copy = new(NativeCalls.Duplicate(pipe.Near));
        copy.Dispose();
        Assert.Throws<ObjectDisposedException>(() => copy.Number);
    }

    [Fact]
    public void A_number_below_zero_is_invalid_and_is_never_closed()
    {
        FileDescriptor none = new(-1);
        Assert.True(none.IsInvalid);
        none.Dispose();
    }

    [Fact]
    public void Number_0_is_a_descriptor_like_any_other()
    {
        // Not owned for long: closing it would close the runner's standard input.
        FileDescriptor input = new(0);
        Assert.False(input.IsInvalid);
        Assert.Equal(0, input.Number);
        input.SetHandleAsInvalid();
    }

    [Fact]
    public void FromResult_owns_what_the_call_opened()
    {
        FileDescriptor opened = FileDescriptor.FromResult(EpollCalls.CreateEvent(), "create", "an eventfd");
        int number = opened.Number;
        Assert.True(NativeCalls.IsOpen(number));
        opened.Dispose();
        Assert.False(NativeCalls.IsOpen(number));
    }

    [Fact]
    public void FromResult_throws_an_error_that_names_the_action_and_the_device()
    {
        int result = Syscall.Open("/dev/no-such-device", Syscall.OpenReadWrite);
        IOException e = Assert.Throws<IOException>(() => FileDescriptor.FromResult(result, "open", "/dev/no-such-device"));
        Assert.Equal($"open /dev/no-such-device: {Errno.Describe(Errno.ENOENT)}", e.Message);
        Assert.Equal(Errno.ENOENT, e.HResult);
    }
}
