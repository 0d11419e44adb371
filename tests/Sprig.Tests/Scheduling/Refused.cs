using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>Bad input is refused by the call itself, not by the task that it would give.</summary>
internal static class Refused
{
    internal static TException AtOnce<TException>(Func<object> call)
        where TException : Exception
        => Assert.IsType<TException>(Record.Exception(() =>
        {
            call();
        }));
}
