// SPDX-License-Identifier: GPL-2.0-or-later
// Functions that TORCS' libraries import and that a game without a window does not need. The executable's symbols win
// over those of the libraries, so the real ones are never called.
#include <EGL/egl.h>
#include <GL/gl.h>

#include <cstring>

#include "runner_graphics.h"

extern "C" {

// GLUT: window, events and time. TORCS calls it from its screen code whether there is a window or not.
void glutInit(int*, char**) {}
void glutInitDisplayMode(unsigned) {}
void glutInitDisplayString(const char*) {}
void glutInitWindowPosition(int, int) {}
void glutInitWindowSize(int, int) {}
int glutCreateWindow(const char*) { return 1; }
void glutFullScreen() {}
void glutDisplayFunc(void (*)()) {}
void glutReshapeFunc(void (*)(int, int)) {}
void glutIdleFunc(void (*)()) {}
void glutKeyboardFunc(void (*)(unsigned char, int, int)) {}
void glutKeyboardUpFunc(void (*)(unsigned char, int, int)) {}
void glutSpecialFunc(void (*)(int, int, int)) {}
void glutSpecialUpFunc(void (*)(int, int, int)) {}
void glutMouseFunc(void (*)(int, int, int, int)) {}
void glutMotionFunc(void (*)(int, int)) {}
void glutPassiveMotionFunc(void (*)(int, int)) {}
void glutTimerFunc(unsigned, void (*)(int), int) {}
void glutPostRedisplay() {}
void glutSwapBuffers() {}
void glutSetCursor(int) {}
void glutWarpPointer(int, int) {}
int glutGetModifiers() { return 0; }
int glutEnterGameMode() { return 0; }
void glutLeaveGameMode() {}
int glutGameModeGet(GLenum) { return 0; }
void glutGameModeString(const char*) {}

int glutExtensionSupported(const char* name) {
  const char* all = reinterpret_cast<const char*>(glGetString(GL_EXTENSIONS));
  return all != nullptr && std::strstr(all, name) != nullptr;
}

/// Answers with the size of the pictures. The numbers are GLUT's own of the queries (freeglut_std.h).
int glutGet(GLenum what) {
  constexpr GLenum kWindowWidth = 0x66, kWindowHeight = 0x67, kScreenWidth = 0xC8, kScreenHeight = 0xC9;
  constexpr GLenum kDisplayModePossible = 0x190;
  switch (what) {
    case kWindowWidth:
    case kScreenWidth:
      return runner::pictureWidth();
    case kWindowHeight:
    case kScreenHeight:
      return runner::pictureHeight();
    case kDisplayModePossible:
      return 1;
    default:
      return 0;
  }
}

/// plib asks it whether OpenGL is ready before it makes anything.
void* glXGetCurrentContext() { return eglGetCurrentContext(); }

/// There is no sound.
int alutInitWithoutContext(int*, char**) { return 0; }

}  // extern "C"

// The loading screen draws a picture and lines of text at every start of a race, which nobody sees.
void RmLoadingScreenStart(const char*, const char*) {}
void RmLoadingScreenSetText(const char*) {}
void RmShutdownLoadingScreen() {}
// The graphics module binds its keys anew at every race, and the screen keeps them all.
void GfuiAddKey(void*, unsigned char, const char*, void*, void (*)(void*), void (*)(void*)) {}
void GfuiAddSKey(void*, int, const char*, void*, void (*)(void*), void (*)(void*)) {}
