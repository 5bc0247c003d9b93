// SPDX-License-Identifier: GPL-2.0-or-later
#include "runner_graphics.h"

#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <GL/gl.h>
#include <client.h>
#include <graphic.h>
#include <plib/ssg.h>
#include <raceman.h>
#include <tgfclient.h>

#include <algorithm>
#include <cstdio>

namespace runner {
namespace {

int width = 0;
int height = 0;

std::string eglError(const char* what) {
  char text[160];
  std::snprintf(text, sizeof text, "%s failed (EGL error 0x%x); OpenGL through EGL needs Mesa's libegl1", what,
                unsigned(eglGetError()));
  return text;
}

/// An OpenGL context with an off-screen surface of the picture's size.
std::string makeContext() {
  const auto getDisplay =
      reinterpret_cast<PFNEGLGETPLATFORMDISPLAYEXTPROC>(eglGetProcAddress("eglGetPlatformDisplayEXT"));
  if (!getDisplay) return "EGL has no eglGetPlatformDisplayEXT";
  const EGLDisplay display = getDisplay(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr);
  if (!eglInitialize(display, nullptr, nullptr)) return eglError("eglInitialize");
  if (!eglBindAPI(EGL_OPENGL_API)) return eglError("eglBindAPI");
  const EGLint wanted[] = {EGL_SURFACE_TYPE, EGL_PBUFFER_BIT, EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT,
                           EGL_RED_SIZE,     8,               EGL_GREEN_SIZE,      8,
                           EGL_BLUE_SIZE,    8,               EGL_DEPTH_SIZE,      24,
                           EGL_NONE};
  EGLConfig config;
  EGLint count = 0;
  if (!eglChooseConfig(display, wanted, &config, 1, &count) || count < 1) return eglError("eglChooseConfig");
  const EGLint size[] = {EGL_WIDTH, width, EGL_HEIGHT, height, EGL_NONE};
  const EGLSurface surface = eglCreatePbufferSurface(display, config, size);
  if (surface == EGL_NO_SURFACE) return eglError("eglCreatePbufferSurface");
  const EGLContext context = eglCreateContext(display, config, EGL_NO_CONTEXT, nullptr);
  if (!eglMakeCurrent(display, surface, surface, context)) return eglError("eglMakeCurrent");
  return "";
}

}  // namespace

int pictureWidth() { return width; }
int pictureHeight() { return height; }

std::string Graphics::start(int wantedWidth, int wantedHeight) {
  width = wantedWidth;
  height = wantedHeight;
  const std::string problem = makeContext();
  if (!problem.empty()) return problem;
  char name[] = "torcs-pilot-runner";
  char* arguments[] = {name, nullptr};
  GfScrInit(1, arguments);
  ssgInit();
  GfInitClient();
  pixels_.resize(size_t(width) * 3 * size_t(height));
  started_ = true;
  return "";
}

std::string Graphics::loadModule(RmInfo* race) {
  char path[1024];
  std::snprintf(path, sizeof path, "%smodules/graphic/ssggraph.so", GetLibDir());
  tModList* modules = nullptr;
  if (GfModLoad(0, path, &modules) != 0) return std::string("cannot load ") + path;
  modules->modInfo->fctInit(modules->modInfo->index, &race->_reGraphicItf);
  float background[4] = {0, 0, 0, 0};
  screen_ = GfuiScreenCreateEx(background, nullptr, nullptr, nullptr, nullptr, 0);
  moduleLoaded_ = true;
  return "";
}

std::string Graphics::draw(RmInfo* race) {
  if (!started_) return "there is no camera";
  if (!moduleLoaded_) {
    const std::string problem = loadModule(race);
    if (!problem.empty()) return problem;
  }
  auto& module = race->_reGraphicItf;
  if (!trackLoaded_) {
    module.inittrack(race->track);
    trackLoaded_ = true;
  }
  if (!carsLoaded_) {
    module.initview(0, 0, width, height, GR_VIEW_STD, screen_);
    module.initcars(race->s);
    carsLoaded_ = true;
  }
  module.refresh(race->s);
  // The back buffer: nothing is ever swapped to the front one.
  glReadBuffer(GL_BACK);
  glPixelStorei(GL_PACK_ROW_LENGTH, 0);
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE, pixels_.data());
  // OpenGL's first row is the lowest.
  const size_t row = size_t(width) * 3;
  for (int top = 0, bottom = height - 1; top < bottom; ++top, --bottom) {
    auto* upper = pixels_.data() + size_t(top) * row;
    auto* lower = pixels_.data() + size_t(bottom) * row;
    std::swap_ranges(upper, upper + row, lower);
  }
  return "";
}

void Graphics::endRace(RmInfo* race) {
  if (carsLoaded_) race->_reGraphicItf.shutdowncars();
  carsLoaded_ = false;
}

void Graphics::endTrack(RmInfo* race) {
  if (trackLoaded_) race->_reGraphicItf.shutdowntrack();
  trackLoaded_ = false;
}

}  // namespace runner
